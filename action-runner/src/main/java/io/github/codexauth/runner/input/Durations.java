package io.github.codexauth.runner.input;

import io.github.codexauth.DurationText;
import java.time.Duration;

/** Durations that were typed on the command line. */
public final class Durations {
    private Durations() {}

    /**
     * Reads a duration.
     *
     * @param option what to call it in messages
     * @throws UsageException if it is none
     */
    public static Duration parse(String text, String option) throws UsageException {
        try {
            return DurationText.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + " is not a duration", DurationText.HOW_TO);
        }
    }
}
