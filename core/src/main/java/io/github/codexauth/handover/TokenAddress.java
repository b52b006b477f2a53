package io.github.codexauth.handover;

import io.github.codexauth.broker.LoopbackServer;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The loopback address at which one session's Codex asks for the next access token. Whoever does not know its random
 * path, or has not the session's placeholder, gets nothing. Safe for use by several threads.
 */
public final class TokenAddress implements AutoCloseable {
    /** What Codex reads the address from. */
    public static final String VARIABLE = "CODEX_REFRESH_TOKEN_URL_OVERRIDE";

    private final LoopbackServer server;
    private final URI uri;

    private TokenAddress(LoopbackServer server, Placeholder placeholder, AccessTokens tokens, Clock clock) {
        this.server = server;
        this.uri = server.serve(TokenEndpoint.PATH, new TokenEndpoint(placeholder, tokens, clock));
    }

    /**
     * Opens a new one.
     *
     * @throws IOException if the machine has no loopback interface
     */
    public static TokenAddress open(Placeholder placeholder, AccessTokens tokens, Clock clock) throws IOException {
        return new TokenAddress(LoopbackServer.open(), placeholder, tokens, clock);
    }

    /**
     * Opens one once more that was closed, for processes that know it.
     *
     * @throws IOException if somebody else has its port by now
     */
    public static TokenAddress reopen(URI earlier, Placeholder placeholder, AccessTokens tokens, Clock clock)
            throws IOException {
        return new TokenAddress(LoopbackServer.reopen(earlier, TokenEndpoint.PATH), placeholder, tokens, clock);
    }

    /** The address. A secret as far as its path goes: it is for the session's own processes. */
    public URI uri() {
        return uri;
    }

    /** What the job's processes need to get there, past any proxy. */
    public Map<String, String> variables(Map<String, String> environment) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put(VARIABLE, uri.toString());
        variables.putAll(pastProxy(environment));
        return variables;
    }

    /**
     * {@code NO_PROXY} with the loopback address in it: Codex would take the placeholder to a proxy otherwise.
     *
     * @param environment the job's other variables
     */
    public static Map<String, String> pastProxy(Map<String, String> environment) {
        return Loopback.withoutProxy(environment);
    }

    @Override
    public void close() {
        server.close();
    }
}
