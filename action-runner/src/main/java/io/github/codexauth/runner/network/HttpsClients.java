package io.github.codexauth.runner.network;

import io.github.codexauth.broker.Outward;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;

/** Ways for our own requests to servers, through the proxy of the environment. */
public final class HttpsClients {
    static {
        // Java gives a proxy no password for a tunnel unless it is told to. The operator did, by writing it into the
        // proxy's address.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
        // Java keeps idle connections for 20 minutes, servers for less; whoever then writes first meets a closed one.
        System.setProperty("jdk.httpclient.keepalive.timeout", "30");
    }

    private HttpsClients() {}

    /**
     * A new one. It speaks HTTP/1.1: to a loopback address Java would else ask for HTTP/2 first, by an upgrade that
     * few servers know.
     *
     * @param environment names the proxy
     * @param authorities whose certificates are believed
     * @param connectLimit how long a server may take to answer a connection
     * @throws UnusableProxyException if a proxy is named that cannot be used
     * @throws UnusableCaBundleException if the authorities cannot be read
     */
    public static Outward create(Map<String, String> environment, Authorities authorities, Duration connectLimit)
            throws UnusableProxyException, UnusableCaBundleException {
        Proxies proxies = Proxies.in(environment);
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectLimit)
                .sslContext(authorities.context())
                .proxy(proxies)
                .build();
        return new Outward(
                client,
                proxies.authorization()
                        .map(value -> Map.of("Proxy-Authorization", value))
                        .orElse(Map.of()));
    }
}
