package io.github.codexauth;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as people type them: {@code 90s}, {@code 15m}, {@code 2h}, {@code 1h30m}, {@code 8d}. */
public final class DurationText {
    /** How to write one, for messages. */
    public static final String HOW_TO = "write it with a unit: 90s, 15m, 2h, 1h30m, 8d";

    private static final Pattern TEXT =
            Pattern.compile("(?:(\\d{1,5})d)?(?:(\\d{1,6})h)?(?:(\\d{1,7})m)?(?:(\\d{1,9})s)?");

    private DurationText() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException if it is none; the message does not quote it
     */
    public static Duration parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (text.strip().equals("0")) {
            return Duration.ZERO;
        }
        if (text.isBlank() || !matcher.matches()) {
            throw new IllegalArgumentException("not a duration; " + HOW_TO);
        }
        return Duration.ofDays(number(matcher.group(1)))
                .plusHours(number(matcher.group(2)))
                .plusMinutes(number(matcher.group(3)))
                .plusSeconds(number(matcher.group(4)));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
