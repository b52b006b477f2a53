package io.jenkins.plugins.codexauth.session;

import hudson.model.TaskListener;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.trust.TrustDecision;
import io.jenkins.plugins.codexauth.account.FleetHolders;
import io.jenkins.plugins.codexauth.account.LoginPlace;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A build's wait for a login that a job of another system has, in a fleet's store. One thread waits; any may tell it to
 * stop.
 */
public final class FleetWait {
    /** Longer than any build: for as long as it takes. */
    private static final Duration ENDLESS = Duration.ofDays(365);

    private final Instant asked;
    private final Optional<Duration> atMost;
    private final Verdict verdict;
    private @Nullable Thread waiting;
    private volatile @Nullable Occupancy busy;
    private boolean stopped;

    /**
     * @param asked since when the build has waited
     * @param atMost how long it waits in all; empty for as long as it takes
     * @param verdict judges the build once more, after a wait
     */
    public FleetWait(Instant asked, Optional<Duration> atMost, Verdict verdict) {
        this.asked = asked;
        this.atMost = atMost;
        this.verdict = verdict;
    }

    /** Judges a build. */
    @FunctionalInterface
    public interface Verdict {
        /** @throws CodexAuthException if it may not have the login any more */
        TrustDecision.Trusted now() throws CodexAuthException;
    }

    /** Whom it waits for, for people; empty if it does not wait. */
    public synchronized Optional<String> status() {
        return waiting == null ? Optional.empty() : Optional.ofNullable(busy).map(FleetHolders::sentence);
    }

    /** Whoever waits is interrupted, and nobody begins to. */
    public synchronized void stop() {
        stopped = true;
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    /**
     * Takes the login's lease when it is free.
     *
     * @throws SignInFailedException if somebody else has it for longer than the build waits
     * @throws InterruptedException if the wait was stopped
     */
    Lease take(LoginPlace place, SessionRecord record, TaskListener log)
            throws CodexAuthException, InterruptedException {
        begin();
        try {
            return LeasesByTurn.take(place, record, left(), now -> {
                busy = now;
                BuildLog.say(log, FleetHolders.sentence(now));
            });
        } catch (CredentialBusyException others) {
            Occupancy last = busy;
            throw SignInFailedException.busy(
                    "credential '" + record.credential() + "'",
                    atMost.orElse(ENDLESS),
                    last == null ? null : FleetHolders.who(last));
        } finally {
            end();
        }
    }

    /** The verdict on the build, after {@link #take}: another one, if it had to wait. */
    TrustDecision.Trusted verdict(TrustDecision.Trusted before) throws CodexAuthException {
        return busy == null ? before : verdict.now();
    }

    private Duration left() {
        return atMost.map(limit -> Duration.between(Instant.now(), asked.plus(limit)))
                .map(left -> left.isNegative() ? Duration.ZERO : left)
                .orElse(ENDLESS);
    }

    private synchronized void begin() throws InterruptedException {
        if (stopped) {
            throw new InterruptedException("the build was stopped");
        }
        waiting = Thread.currentThread();
    }

    /** What comes after the wait must not be interrupted by its end. */
    private synchronized void end() {
        waiting = null;
        if (stopped) {
            Thread.interrupted();
        }
    }
}
