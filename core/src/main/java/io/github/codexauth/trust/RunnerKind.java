package io.github.codexauth.trust;

import java.util.Locale;

/** Whose machine a job runs on. */
public enum RunnerKind {
    SELF_HOSTED,
    /** The CI vendor's. */
    VENDOR_HOSTED,
    /** One that jobs of other people's projects use as well. */
    SHARED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
