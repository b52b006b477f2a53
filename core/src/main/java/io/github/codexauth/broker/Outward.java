package io.github.codexauth.broker;

import java.net.http.HttpClient;
import java.util.Map;

/**
 * The way to servers.
 *
 * @param client follows no redirects, and has no authenticator: Java's then takes a 401 without
 *     {@code WWW-Authenticate} for a broken answer
 * @param proxyHeaders for a proxy on the way, which alone gets to see them
 */
public record Outward(HttpClient client, Map<String, String> proxyHeaders) {
    public Outward {
        proxyHeaders = Map.copyOf(proxyHeaders);
    }

    @Override
    public String toString() {
        return "Outward[" + proxyHeaders.keySet() + "]";
    }
}
