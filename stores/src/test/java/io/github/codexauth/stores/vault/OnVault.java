package io.github.codexauth.stores.vault;

import io.github.codexauth.SecretText;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.remote.LeaseTimes;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Stores on a test's server. */
final class OnVault {
    /** So short that a test sees it end, and so long that a busy machine does not. */
    static final LeaseTimes SHORT =
            new LeaseTimes(Duration.ofSeconds(8), Duration.ofMillis(300), Duration.ofSeconds(4));

    private OnVault() {}

    static VaultAddress address(int port) {
        return new VaultAddress(
                VaultStandIn.MOUNT,
                "codex-auth",
                URI.create("http://127.0.0.1:" + port),
                Optional.empty(),
                Optional.empty(),
                new SignIn.ByToken(Optional.empty()));
    }

    static PasswordSource shown(String token) {
        return () -> Optional.of(SecretText.of(token));
    }

    static VaultServer server(int port) {
        return new VaultServer(address(port), shown(VaultStandIn.ROOT));
    }

    static VaultStore store(int port, LeaseTimes times) {
        return new VaultStore(server(port), times, Clock.systemUTC());
    }

    static VaultStore store(int port) {
        return store(port, LeaseTimes.USUAL);
    }
}
