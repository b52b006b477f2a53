package io.jenkins.plugins.codexauth.account;

import hudson.Util;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A moment as a page shows it: how far away it is, and when exactly. */
public record Moment(Instant at, Instant now) {
    private static final DateTimeFormatter EXACT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Such as {@code in 9 days} or {@code 3 hr 2 min ago}. */
    public String text() {
        long millis = at.toEpochMilli() - now.toEpochMilli();
        return millis > 0 ? "in " + Util.getTimeSpanString(millis) : Util.getTimeSpanString(-millis) + " ago";
    }

    public boolean isPast() {
        return !at.isAfter(now);
    }

    /** Such as {@code 2026-07-25 10:02 UTC}. */
    public String exact() {
        return EXACT.format(at);
    }
}
