package io.github.codexauth;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as people type them: {@code 90s}, {@code 15m}, {@code 2h}, {@code 1h30m}, {@code 8d}. */
public final class DurationText {
    /** How to write one, for messages. */
    public static final String HOW_TO = "write it with a unit: 90s, 15m, 2h, 1h30m, 8d; at most 3650d";

    /** Ten years: beyond every job, and far from where clocks and counters of nanoseconds end. */
    private static final Duration LONGEST = Duration.ofDays(3650);

    private static final Pattern TEXT =
            Pattern.compile("(?:(\\d{1,5})d)?(?:(\\d{1,6})h)?(?:(\\d{1,7})m)?(?:(\\d{1,9})s)?");

    private DurationText() {}

    /**
     * Reads a duration.
     *
     * @return from 0 to 3650 days
     * @throws IllegalArgumentException if it is none, or longer; the message does not quote it
     */
    public static Duration parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (text.strip().equals("0")) {
            return Duration.ZERO;
        }
        if (text.isBlank() || !matcher.matches()) {
            throw new IllegalArgumentException("not a duration; " + HOW_TO);
        }
        Duration duration = Duration.ofDays(number(matcher.group(1)))
                .plusHours(number(matcher.group(2)))
                .plusMinutes(number(matcher.group(3)))
                .plusSeconds(number(matcher.group(4)));
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("too long a duration; " + HOW_TO);
        }
        return duration;
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
