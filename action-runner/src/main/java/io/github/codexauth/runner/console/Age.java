package io.github.codexauth.runner.console;

import java.time.Duration;
import java.time.Instant;

/** Distances in time as people say them: the two largest units are enough. */
public final class Age {
    private Age() {}

    /** Such as {@code in 6 d 3 h}, {@code 12 min ago}, {@code now}. */
    public static String of(Instant instant, Instant now) {
        Duration distance = Duration.between(now, instant);
        if (distance.abs().getSeconds() < 1) {
            return "now";
        }
        return distance.isNegative() ? amount(distance.negated()) + " ago" : "in " + amount(distance);
    }

    /** Such as {@code 6 d 3 h} or {@code 45 s}; never negative. */
    public static String amount(Duration duration) {
        if (duration.toDays() > 0) {
            return two(duration.toDays(), "d", duration.toHoursPart(), "h");
        }
        if (duration.toHours() > 0) {
            return two(duration.toHours(), "h", duration.toMinutesPart(), "min");
        }
        if (duration.toMinutes() > 0) {
            return two(duration.toMinutes(), "min", duration.toSecondsPart(), "s");
        }
        return duration.toSeconds() + " s";
    }

    private static String two(long large, String largeUnit, int small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }
}
