package io.github.codexauth.runner.job;

import io.github.codexauth.runner.console.Age;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.session.CodexSession;
import io.github.codexauth.session.RefreshOutcome;
import io.github.codexauth.session.SessionEnd;
import io.github.codexauth.store.Envelope;
import java.time.Clock;

/** What a session's steps mean for a person and for the exit code. */
public final class SessionReport {
    private final Messages messages;
    private final Clock clock;

    public SessionReport(Messages messages, Clock clock) {
        this.messages = messages;
        this.clock = clock;
    }

    /** Says which login the job got. */
    public void opened(Envelope envelope) {
        messages.say("credential '" + envelope.id() + "', generation " + envelope.generation() + ", account "
                + envelope.account()
                + envelope.expiresAt()
                        .map(expiry -> ", access token ends " + Age.of(expiry, clock.instant()))
                        .orElse(""));
    }

    /**
     * Judges a refresh before the job.
     *
     * @throws LoginUnusableException if the job could not sign in
     */
    public void refreshed(CodexSession session, RefreshOutcome outcome) throws LoginUnusableException {
        if (outcome instanceof RefreshOutcome.Failed failed) {
            if (!failed.usable()) {
                throw new LoginUnusableException(session.current().id(), failed.reason());
            }
            messages.warn("Codex could not refresh the login early (" + failed.reason() + "); its access token ends "
                    + Age.of(failed.expiresAt(), clock.instant()));
        }
    }

    /**
     * Judges the end.
     *
     * @throws NotStoredException if the newest login is not safe
     */
    public void ended(CodexSession session, SessionEnd end) throws NotStoredException {
        switch (end.safety()) {
            case RESCUED -> throw NotStoredException.rescued(end.current().id());
            case LEFT_IN_HOME ->
                throw NotStoredException.leftInHome(
                        end.current().id(), session.home().folder());
            case STORED, DISPLACED -> {
                // The events have told what there was to tell.
            }
        }
    }
}
