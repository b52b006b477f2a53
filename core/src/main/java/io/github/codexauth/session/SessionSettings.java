package io.github.codexauth.session;

import io.github.codexauth.home.HomeConfig;
import io.github.codexauth.home.Patience;
import io.github.codexauth.login.LoginEvents;
import io.github.codexauth.login.LoginSettings;
import java.nio.file.Path;

/**
 * What a session needs to know of the machine and the job.
 *
 * @param homes the folder in which private homes are made; a later session finds those of killed jobs there
 * @param homeConfig Codex's settings for the home
 * @param patience how long refreshes of processes that the job left behind may hold up the end
 * @param login how the login is kept
 */
public record SessionSettings(Path homes, HomeConfig homeConfig, Patience patience, LoginSettings login) {
    /** Told what happens. */
    LoginEvents events() {
        return login.events();
    }

    /** The same, with events that break nothing. */
    SessionSettings whileOnLoan() {
        return new SessionSettings(homes, homeConfig, patience, login.whileOnLoan());
    }
}
