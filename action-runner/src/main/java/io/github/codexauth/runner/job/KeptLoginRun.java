package io.github.codexauth.runner.job;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.handover.Handover;
import io.github.codexauth.handover.KeptLogin;
import io.github.codexauth.home.CodexHome;
import io.github.codexauth.home.Patience;
import io.github.codexauth.home.Rollouts;
import io.github.codexauth.home.ScratchHomes;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.login.Seed;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.process.JobSignal;
import io.github.codexauth.session.RefreshOutcome;
import io.github.codexauth.session.SessionEnd;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A job whose login stays with us: whatever is done to the job, and whatever it does to its own file, the login is in
 * the store.
 */
public final class KeptLoginRun {
    /**
     * Beside the homes of sessions, so that whoever keeps the model's commands from those keeps them from these; no
     * credential can have this name.
     */
    private static final String FOLDER = ".access";

    private final JobLaunch launch;
    private final Path sessions;
    private final ScratchHomes homes;
    private final HandingOver handingOver;
    private final Messages messages;
    private final SessionReport report;

    /** Puts into a job's home what it gets of a login. */
    @FunctionalInterface
    public interface HandingOver {
        /** @param login opened already */
        Handover of(KeptLogin login, CodexHome home) throws CodexAuthException;
    }

    /** @param sessions beside which the job's home is made */
    public KeptLoginRun(
            JobLaunch launch, Path sessions, HandingOver handingOver, Messages messages, SessionReport report) {
        this.launch = launch;
        this.sessions = sessions;
        this.homes = new ScratchHomes(sessions.resolve(FOLDER));
        this.handingOver = handingOver;
        this.messages = messages;
        this.report = report;
    }

    /**
     * Runs the job and answers its exit code; 128 + n if a signal came before it started.
     *
     * @throws NotStoredException if the newest login did not reach the store, whatever the job's own exit code was
     * @throws LoginNeededException if the login is dead
     * @throws LoginUnusableException if its access token has ended, and something keeps Codex from refreshing it
     */
    public int run(KeptLogin login, Optional<Seed> seed) throws CodexAuthException, InterruptedException {
        RefreshOutcome early = login.open(seed);
        report.opened(login.stored());
        report.refreshed(login.stored().id(), early);
        Optional<JobSignal> signal = launch.signals().first();
        int exitCode = signal.isPresent() ? signal.get().exitCode() : runWith(login);
        try {
            report.ended(
                    new SessionEnd(login.refreshed(), login.stored(), login.safety(), false, Optional.empty()),
                    sessions.resolve(login.stored().id().value()));
        } catch (NotStoredException e) {
            messages.say("the job's own exit code was " + exitCode);
            throw e;
        }
        return exitCode;
    }

    private int runWith(KeptLogin login) throws CodexAuthException, InterruptedException {
        try (ScratchHomes.Scratch scratch = homes.create()) {
            CodexHome home = scratch.home();
            int exitCode;
            try (Handover handover = handingOver.of(login, home)) {
                exitCode = launch.start(handover.variables(launch.environment()), home.folder(), () -> {});
            }
            home.endProcesses(Patience.NONE);
            login.awaitCalm(new RefreshPatience(launch.signals()));
            login.settle();
            home.moveOut();
            login.noteUsage(new Rollouts(home.folder()));
            return exitCode;
        }
    }
}
