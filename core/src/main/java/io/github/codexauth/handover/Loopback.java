package io.github.codexauth.handover;

import io.github.codexauth.home.HomeException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The interface on which a job's Codex asks its helper. */
final class Loopback {
    private static final String HOST = "127.0.0.1";

    private Loopback() {}

    /** Codex would take the loopback address to a proxy, too: with it a placeholder, and to no avail. */
    static Map<String, String> withoutProxy(Map<String, String> environment) {
        Map<String, String> exceptions = new LinkedHashMap<>();
        String lower = environment.getOrDefault("no_proxy", "");
        String upper = environment.getOrDefault("NO_PROXY", lower);
        exceptions.put("NO_PROXY", with(upper));
        exceptions.put("no_proxy", with(lower.isBlank() ? upper : lower));
        return exceptions;
    }

    private static String with(String hosts) {
        return hosts.isBlank() ? HOST : hosts + "," + HOST;
    }

    /** @param otherwise what can be done without it */
    static HomeException missing(IOException why, String otherwise) {
        return new HomeException(
                "cannot listen on the loopback interface: " + why,
                "look at what keeps this user from it (ip addr show lo); or " + otherwise);
    }
}
