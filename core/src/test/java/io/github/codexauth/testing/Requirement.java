package io.github.codexauth.testing;

import org.junit.jupiter.api.Assumptions;

/** Something outside of Java that a test needs. */
public final class Requirement {
    private Requirement() {}

    /**
     * Skips the test with a sentence, or fails it if {@code CI} is set. Does not return.
     *
     * @param what what is missing, and how to get it
     */
    public static AssertionError isMissing(String what) {
        if (System.getenv("CI") == null) {
            Assumptions.abort("skipped: " + what);
        }
        throw new AssertionError(what);
    }
}
