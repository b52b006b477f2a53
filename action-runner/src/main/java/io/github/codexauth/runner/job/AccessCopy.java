package io.github.codexauth.runner.job;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.handover.AccessHandover;
import io.github.codexauth.handover.KeptLogin;
import io.github.codexauth.home.CodexHome;
import io.github.codexauth.home.DatedHomes;
import io.github.codexauth.home.HomeConfig;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.login.Seed;
import io.github.codexauth.session.RefreshOutcome;
import io.github.codexauth.session.SessionEnd;
import io.github.codexauth.session.SessionSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Access to a login for steps between which no helper lives: a home with the access token alone, which nobody has to
 * bring back and which is worth nothing once that token has ended.
 */
public final class AccessCopy {
    /** Beside the homes of sessions, as {@link KeptLoginRun}'s; no credential can have this name. */
    private static final String FOLDER = ".copies";

    private final Path sessions;
    private final HomeConfig config;
    private final SessionReport report;
    private final Clock clock;

    /** @param settings where the home is made, and what Codex is told in it */
    public AccessCopy(SessionSettings settings, SessionReport report, Clock clock) {
        this.sessions = settings.homes();
        this.config = settings.homeConfig();
        this.report = report;
        this.clock = clock;
    }

    /**
     * A home that was made.
     *
     * @param end when its access token ends; empty if that does not say
     */
    public record Made(CodexHome home, Optional<Instant> end) {}

    /**
     * Where such homes lie.
     *
     * @param sessions where the homes of sessions lie
     */
    public static DatedHomes homes(Path sessions) {
        return new DatedHomes(sessions.resolve(FOLDER));
    }

    /**
     * Makes a home with access to a login, which is refreshed first if it would not last.
     *
     * @param budget how long the steps may take
     * @throws NotStoredException if the refreshed login did not reach the store
     * @throws LoginNeededException if the login is dead
     * @throws LoginUnusableException if its access token has ended, and something keeps Codex from refreshing it
     */
    public Made make(KeptLogin login, Optional<Seed> seed, Duration budget)
            throws CodexAuthException, InterruptedException {
        RefreshOutcome early = login.open(seed, budget);
        report.opened(login.stored());
        report.refreshed(login.stored().id(), early);
        report.ended(
                new SessionEnd(login.refreshed(), login.stored(), login.safety(), false, Optional.empty()),
                sessions.resolve(login.stored().id().value()));
        Optional<Instant> end = login.now().login().expiresAt();
        Instant now = clock.instant();
        CodexHome home = homes(sessions).create(end.orElse(now.plus(budget)), now);
        boolean filled = false;
        try {
            AccessHandover.copyInto(home, config, login);
            filled = true;
            return new Made(home, end);
        } finally {
            if (!filled) {
                home.wipe();
            }
        }
    }
}
