package io.github.codexauth.login;

import io.github.codexauth.store.AtRest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * What it takes to keep a login that is on loan.
 *
 * @param rescue where logins go that the store does not take
 * @param atRest how logins are protected in the store
 * @param writer the job, as people know it, for the records it writes
 * @param saveRetries how long to wait before each further attempt of the last save
 * @param clock the clock of whoever writes the records
 * @param events told what happens
 */
public record LoginSettings(
        RescueArea rescue, AtRest atRest, String writer, List<Duration> saveRetries, Clock clock, LoginEvents events) {
    /** Six and a half seconds in all: a cancelled GitHub job is killed ten seconds after it was told. */
    public static final List<Duration> USUAL_RETRIES = List.of(
            Duration.ofMillis(100),
            Duration.ofMillis(400),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3));

    public LoginSettings {
        saveRetries = List.copyOf(saveRetries);
    }

    /** The same, with events that break nothing; see {@link UnfailingEvents}. */
    public LoginSettings whileOnLoan() {
        return new LoginSettings(rescue, atRest, writer, saveRetries, clock, UnfailingEvents.of(events));
    }
}
