package io.github.codexauth.handover;

import io.github.codexauth.home.CodexHome;
import io.github.codexauth.home.HomeException;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one job gets of a login that its helper keeps: an {@code auth.json} with a live access token that cannot refresh
 * itself, and the address at which the job's Codex asks for the next one. Nothing of it is worth anything to anybody
 * else, or afterwards.
 */
public final class Handover implements AutoCloseable {
    private static final String TOKEN_ADDRESS = "CODEX_REFRESH_TOKEN_URL_OVERRIDE";

    private final TokenEndpoint endpoint;

    private Handover(TokenEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * Puts into a job's home what it gets of a login.
     *
     * @param login opened already
     * @throws HomeException if the home cannot be written, or the machine has no loopback interface
     */
    public static Handover into(CodexHome home, KeptLogin login, Clock clock) throws HomeException {
        Placeholder placeholder = Placeholder.random();
        home.restore(
                login.login().withoutRefreshToken(placeholder.at(login.stored().generation())));
        try {
            return new Handover(TokenEndpoint.open(placeholder, login, clock));
        } catch (IOException e) {
            throw new HomeException(
                    "cannot listen on the loopback interface: " + e,
                    "look at what keeps this user from it (ip addr show lo); or give the job the whole file: --give all");
        }
    }

    /**
     * Puts into a home what can be had of a login where no helper lives: its access token. The file cannot refresh
     * itself, and nobody answers its placeholder.
     *
     * @param login opened already
     * @throws HomeException if the home cannot be written
     */
    public static void copyInto(CodexHome home, KeptLogin login) throws HomeException {
        home.restore(login.login()
                .withoutRefreshToken(Placeholder.random().at(login.stored().generation())));
    }

    /**
     * The variables that the job's Codex needs beside its {@code CODEX_HOME}.
     *
     * @param environment the job's other variables
     */
    public Map<String, String> variables(Map<String, String> environment) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put(TOKEN_ADDRESS, endpoint.address().toString());
        variables.putAll(withoutProxy(endpoint.address(), environment));
        return variables;
    }

    /** Turns everybody away from now on. */
    @Override
    public void close() {
        endpoint.close();
    }

    /** Codex would take the loopback address to a proxy, too: with it a placeholder, and to no avail. */
    private static Map<String, String> withoutProxy(URI address, Map<String, String> environment) {
        Map<String, String> exceptions = new LinkedHashMap<>();
        String lower = environment.getOrDefault("no_proxy", "");
        String upper = environment.getOrDefault("NO_PROXY", lower);
        exceptions.put("NO_PROXY", with(address.getHost(), upper));
        exceptions.put("no_proxy", with(address.getHost(), lower.isBlank() ? upper : lower));
        return exceptions;
    }

    private static String with(String host, String hosts) {
        return hosts.isBlank() ? host : hosts + "," + host;
    }
}
