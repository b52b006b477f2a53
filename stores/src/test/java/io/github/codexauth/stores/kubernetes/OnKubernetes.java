package io.github.codexauth.stores.kubernetes;

import io.github.codexauth.SecretText;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.remote.LeaseTimes;
import io.github.codexauth.testing.RealKubernetes;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Stores on a test's server. */
final class OnKubernetes {
    /** So short that a test sees it end, and so long that a busy machine does not. */
    static final LeaseTimes SHORT =
            new LeaseTimes(Duration.ofSeconds(8), Duration.ofMillis(300), Duration.ofSeconds(4));

    private OnKubernetes() {}

    static ClusterAddress address(RealKubernetes cluster, String namespace, int port) {
        return new ClusterAddress(
                namespace,
                "codex-auth",
                URI.create("https://127.0.0.1:" + port),
                Optional.of(cluster.authority()),
                Optional.empty(),
                true);
    }

    static PasswordSource token(String token) {
        return () -> Optional.of(SecretText.of(token));
    }

    /** The API server as a runner in a pod sees it. */
    static ApiServer server(RealKubernetes cluster, String namespace, int port) {
        String token = cluster.token(namespace, "runner");
        return new ApiServer(address(cluster, namespace, port), new Token(Optional.empty(), token(token)));
    }

    static KubernetesStore store(RealKubernetes cluster, String namespace, LeaseTimes times) {
        return new KubernetesStore(server(cluster, namespace, cluster.port()), times, Clock.systemUTC());
    }

    static KubernetesStore store(RealKubernetes cluster, String namespace) {
        return store(cluster, namespace, LeaseTimes.USUAL);
    }
}
