package io.github.codexauth.session;

import java.nio.file.Path;

/** Placeholder until the measured one arrives. */
public final class RefreshInFlight {
    private RefreshInFlight() {}

    public static boolean isRefreshing(Path home) {
        return false;
    }
}
