package io.jenkins.plugins.codexauth.account;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A moment as a page shows it: how far away it is, and when exactly. */
public record Moment(Instant at, Instant now) {
    private static final DateTimeFormatter EXACT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Such as {@code in 9 days} or {@code 3 hours ago}: one unit, since nobody plans by the second one. */
    public String text() {
        Duration away = Duration.between(now, at).abs();
        String span = away.toHours() >= 48
                ? away.toDays() + " days"
                : away.toMinutes() >= 120
                        ? away.toHours() + " hours"
                        : away.toSeconds() >= 120 ? away.toMinutes() + " minutes" : seconds(away.toSeconds());
        return isPast() ? span + " ago" : "in " + span;
    }

    private static String seconds(long count) {
        return count == 1 ? "1 second" : count + " seconds";
    }

    public boolean isPast() {
        return !at.isAfter(now);
    }

    /** Such as {@code 2026-07-25 10:02 UTC}. */
    public String exact() {
        return EXACT.format(at);
    }
}
