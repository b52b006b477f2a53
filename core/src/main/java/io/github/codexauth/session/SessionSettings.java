package io.github.codexauth.session;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a session needs to know of the machine and the job.
 *
 * @param homes the folder in which private homes are made; a later session finds those of killed jobs there
 * @param homeConfig Codex's settings for the home
 * @param patience how long a refresh of a process that the job left behind may take
 * @param login how the login is kept
 */
public record SessionSettings(Path homes, HomeConfig homeConfig, Duration patience, LoginSettings login) {
    /** Told what happens. */
    public SessionEvents events() {
        return login.events();
    }

    RescueArea rescue() {
        return login.rescue();
    }
}
