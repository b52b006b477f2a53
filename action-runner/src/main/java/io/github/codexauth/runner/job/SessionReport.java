package io.github.codexauth.runner.job;

import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.runner.console.Age;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.workflow.StepReport;
import io.github.codexauth.session.RefreshOutcome;
import io.github.codexauth.session.SessionEnd;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.NeedsLogin;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What a session's steps mean for a person and for the exit code. */
public final class SessionReport {
    /** So near its end, a login that nobody refreshed deserves a look. */
    private static final Duration SOON = Duration.ofDays(1);

    private final Messages messages;
    private final StepReport step;
    private final Clock clock;

    /** @param step tells a workflow's other steps, and its page */
    public SessionReport(Messages messages, StepReport step, Clock clock) {
        this.messages = messages;
        this.step = step;
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
     * @throws LoginNeededException if OpenAI will not refresh it again, even if its access token has not ended yet
     * @throws LoginUnusableException if the job could not sign in
     */
    public void refreshed(CredentialId id, RefreshOutcome outcome) throws LoginNeededException, LoginUnusableException {
        if (outcome instanceof RefreshOutcome.Dead dead) {
            throw new LoginNeededException(id, dead.needs());
        }
        if (outcome instanceof RefreshOutcome.Failed failed) {
            if (!failed.usable()) {
                throw new LoginUnusableException(id, failed.why());
            }
            messages.warn(
                    "Codex could not refresh the login early (" + failed.why().reason() + "); its access token ends "
                            + Age.of(failed.expiresAt(), clock.instant()));
        }
    }

    /**
     * Judges the end.
     *
     * @param home where a login may be that is nowhere else
     * @throws NotStoredException if the newest login is not safe
     */
    public void ended(SessionEnd end, Path home) throws NotStoredException {
        tellWorkflow(end);
        tellHealth(end);
        switch (end.safety()) {
            case RESCUED -> throw NotStoredException.rescued(end.current().id());
            case PUT_ASIDE -> throw NotStoredException.putAside(end.current().id());
            case LEFT_IN_HOME ->
                throw NotStoredException.leftInHome(end.current().id(), home);
            case STORED, DISPLACED -> {
                // The events have told what there was to tell.
            }
        }
    }

    /** The login is safe by now, and a report that cannot be written is no reason to fail the job. */
    private void tellWorkflow(SessionEnd end) {
        try {
            step.ended(end);
        } catch (UsageException e) {
            messages.warn(e.problem());
        }
    }

    private void tellHealth(SessionEnd end) {
        CredentialId id = end.current().id();
        Optional<Instant> limited = end.current().health().usageLimitUntil();
        if (limited.isPresent() && limited.get().isAfter(clock.instant())) {
            messages.warn("the account of '" + id + "' has reached its usage limit until "
                    + limited.get().truncatedTo(ChronoUnit.MINUTES) + "; until then jobs of a pool take another login");
        }
        if (end.current().needsLogin().isPresent()) {
            NeedsLogin needs = end.current().needsLogin().get();
            messages.warn(LoginNeededException.describe(id, needs) + "; " + LoginNeededException.whatToDo(id, needs));
        } else if (end.check().isPresent() && end.check().get() instanceof RefreshOutcome.Refreshed) {
            messages.say("the login of '" + id + "' is alive: Codex has refreshed it after the job");
        } else if (end.loginGone() || end.check().isPresent()) {
            messages.warn("whether the login of '" + id + "' is still alive could not be found out"
                    + end.check().map(SessionReport::reason).orElse("")
                    + "; 'codex logout' would have revoked it; ask OpenAI: codex-auth keepalive --within 30d --id "
                    + id);
        } else {
            warnOfItsEnd(end);
        }
    }

    private static String reason(RefreshOutcome outcome) {
        return outcome instanceof RefreshOutcome.Failed failed
                ? " (" + failed.why().reason() + ")"
                : "";
    }

    private void warnOfItsEnd(SessionEnd end) {
        Optional<Instant> expiry = end.current().expiresAt();
        if (expiry.isPresent()
                && !end.refreshed()
                && expiry.get().isBefore(clock.instant().plus(SOON))) {
            messages.warn("the access token of '" + end.current().id() + "' ends "
                    + Age.of(expiry.get(), clock.instant())
                    + ", and nobody has refreshed it; if no job comes before: codex-auth keepalive --id "
                    + end.current().id());
        }
    }
}
