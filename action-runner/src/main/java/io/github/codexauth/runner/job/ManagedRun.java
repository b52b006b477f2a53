package io.github.codexauth.runner.job;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.codex.RefreshComplaint;
import io.github.codexauth.codex.TokenRefresher;
import io.github.codexauth.home.HomeWatch;
import io.github.codexauth.home.Patience;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.process.JobSignal;
import io.github.codexauth.session.CodexSession;
import io.github.codexauth.session.SessionEnd;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A job with a login on loan. Whatever happens between the opening of the session and its end, the last state of the
 * login is saved.
 */
public final class ManagedRun {
    private static final long LOOK_AGAIN_AFTER_MILLIS = 50;

    private final JobLaunch launch;
    private final Supplier<Optional<TokenRefresher>> refresher;
    private final Duration budget;
    private final Messages messages;
    private final SessionReport report;
    private final RefreshComplaint complaint = new RefreshComplaint();

    /**
     * @param refresher refreshes what would not last, asked for only then; empty if that is not possible here
     * @param budget how long the job may take, for that decision
     */
    public ManagedRun(
            JobLaunch launch,
            Supplier<Optional<TokenRefresher>> refresher,
            Duration budget,
            Messages messages,
            SessionReport report) {
        this.launch = launch;
        this.refresher = refresher;
        this.budget = budget;
        this.messages = messages;
        this.report = report;
    }

    /**
     * Runs the job and answers its exit code; 128 + n if a signal came before it started. Ends the session.
     *
     * @throws NotStoredException if the newest login did not reach the store, whatever the job's own exit code was
     * @throws LoginNeededException if the login is dead
     * @throws LoginUnusableException if its access token has ended, and something keeps Codex from refreshing it
     */
    public int run(CodexSession session) throws CodexAuthException, InterruptedException {
        SessionEnd end;
        int exitCode;
        try {
            report.opened(session.current());
            refreshEarly(session);
            Optional<JobSignal> signal = launch.signals().first();
            exitCode = signal.isPresent() ? signal.get().exitCode() : runWatched(session);
        } finally {
            end = session.finish(this::codexIfThereIsTime, complaint.wasHeard());
        }
        try {
            report.ended(end, session.home().folder());
        } catch (NotStoredException e) {
            messages.say("the job's own exit code was " + exitCode);
            throw e;
        }
        return exitCode;
    }

    /** Whoever sent a signal will not wait for long. */
    private Optional<TokenRefresher> codexIfThereIsTime() {
        return launch.signals().first().isPresent() ? Optional.empty() : refresher.get();
    }

    private void refreshEarly(CodexSession session) throws CodexAuthException, InterruptedException {
        if (session.endsWithin(budget)) {
            Optional<TokenRefresher> codex = refresher.get();
            if (codex.isPresent()) {
                report.refreshed(session.current().id(), session.refreshEarly(codex.get(), budget));
            }
        }
    }

    private int runWatched(CodexSession session) throws CodexAuthException, InterruptedException {
        HomeWatch watch = session.watch();
        try {
            return launch.heardBy(complaint).start(Map.of(), session.home().folder(), () -> awaitCalm(session));
        } finally {
            watch.close();
        }
    }

    /** Not for long, and counted from the first signal: a second one is not held back anew. */
    private void awaitCalm(CodexSession session) throws InterruptedException {
        Patience patience = new RefreshPatience(launch.signals());
        long began = System.nanoTime();
        while (patience.lasts(Duration.ofNanos(System.nanoTime() - began)) && session.mayBeRefreshing()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_AFTER_MILLIS);
        }
    }
}
