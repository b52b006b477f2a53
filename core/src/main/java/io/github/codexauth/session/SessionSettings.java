package io.github.codexauth.session;

import io.github.codexauth.store.AtRest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * What a session needs to know of the machine and the job.
 *
 * @param homes the folder in which private homes are made; a later session finds those of killed jobs there
 * @param rescue where logins go that the store does not take
 * @param atRest how logins are protected in the store
 * @param writer the job, as people know it, for the records it writes
 * @param homeConfig Codex's settings for the home
 * @param saveRetries how long to wait before each further attempt of the last save
 * @param patience how long a refresh of a process that the job left behind may take
 * @param clock the machine's clock
 * @param events told what happens
 */
public record SessionSettings(
        Path homes,
        RescueArea rescue,
        AtRest atRest,
        String writer,
        HomeConfig homeConfig,
        List<Duration> saveRetries,
        Duration patience,
        Clock clock,
        SessionEvents events) {
    /** Six and a half seconds in all: a cancelled GitHub job is killed ten seconds after it was told. */
    public static final List<Duration> USUAL_RETRIES = List.of(
            Duration.ofMillis(100),
            Duration.ofMillis(400),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3));

    public SessionSettings {
        saveRetries = List.copyOf(saveRetries);
    }
}
