package io.github.codexauth.session;

import java.nio.file.Path;

/** Placeholder until the measured one arrives. */
final class RefreshInFlight {
    private RefreshInFlight() {}

    static boolean isRefreshing(Path home) {
        return false;
    }
}
