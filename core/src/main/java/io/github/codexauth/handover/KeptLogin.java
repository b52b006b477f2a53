package io.github.codexauth.handover;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.codex.Diagnosis.Hindered;
import io.github.codexauth.home.Patience;
import io.github.codexauth.home.Rollouts;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.login.Safety;
import io.github.codexauth.login.Seed;
import io.github.codexauth.session.LoginTurn.Taken;
import io.github.codexauth.session.LoginTurns;
import io.github.codexauth.session.RefreshOutcome;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Revision;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A login that stays with its helper while a job uses it. Each state is given out only when it is durable in the store,
 * and however many ask for the one after it, it is refreshed once. Who asks for more states than a Codex needs gets the
 * newest again.
 *
 * <p>Safe for use by several threads.
 */
public final class KeptLogin implements AccessTokens {
    /**
     * Codex itself refreshes what ends within five minutes, as soon as it starts; what lasts a little longer is
     * refreshed before, so that a job does not begin by waiting.
     */
    private static final Duration LASTS_FOR_A_START = Duration.ofMinutes(10);

    private static final long LOOK_AGAIN_AFTER_MILLIS = 50;

    private final LoginTurns turns;
    private final LeaseSource leases;
    private final Clock clock;
    private final Pace pace;

    /** Held during a turn, so that whoever comes second finds what the first brought. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private @Nullable Taken newest;
    private boolean refreshed;
    private Safety safety = Safety.STORED;

    public KeptLogin(LoginTurns turns, LeaseSource leases, Clock clock) {
        this.turns = turns;
        this.leases = leases;
        this.clock = clock;
        this.pace = new Pace(clock);
    }

    /**
     * Takes the login up before a job, and refreshes it if it would not last for the job's first minutes. Called once.
     *
     * @param seed the login to start from if the store has none
     * @return what came of that refresh
     * @throws CodexAuthException if there is no login that could be used; see {@link LoginTurns#take}
     */
    public RefreshOutcome open(Optional<Seed> seed) throws CodexAuthException, InterruptedException {
        return open(seed, LASTS_FOR_A_START);
    }

    /**
     * As the other, for a job whose Codex will not be able to ask for more.
     *
     * @param lasts refreshes the login if it would not last for so long
     */
    public RefreshOutcome open(Optional<Seed> seed, Duration lasts) throws CodexAuthException, InterruptedException {
        turn.lockInterruptibly();
        try {
            Taken taken = turns.take(
                    leases.take(),
                    seed,
                    (login, stored) -> login.endsBy(clock.instant().plus(lasts)));
            remember(taken);
            return taken.outcome();
        } finally {
            turn.unlock();
        }
    }

    @Override
    public Supply after(long generation) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            Taken known = known();
            if (known.stored().generation() > generation && safety == Safety.STORED) {
                return granted(known);
            }
            if (!pace.allowsOneMore()) {
                return again(known);
            }
            Taken taken =
                    turns.take(leases.take(), Optional.empty(), (login, stored) -> stored.generation() <= generation);
            remember(taken);
            return supply(taken);
        } catch (LoginNeededException dead) {
            return new Ended(dead.needs());
        } catch (CodexAuthException e) {
            return new Unavailable(e.problem());
        } finally {
            turn.unlock();
        }
    }

    /** Waits for a turn that is under way, as long as the patience lasts. */
    public void awaitCalm(Patience patience) throws InterruptedException {
        long began = System.nanoTime();
        while (patience.lasts(Duration.ofNanos(System.nanoTime() - began))) {
            if (turn.tryLock(LOOK_AGAIN_AFTER_MILLIS, TimeUnit.MILLISECONDS)) {
                turn.unlock();
                return;
            }
        }
    }

    /**
     * Puts the login back, should the store have lost it while the job had its access token, or keeps a rescue copy if
     * the lease is no longer ours. Does nothing while somebody refreshes it.
     */
    public void settle() {
        if (turn.tryLock()) {
            try {
                if (safety() == Safety.STORED) {
                    settled(known().loan().settle());
                }
            } finally {
                turn.unlock();
            }
        }
    }

    /**
     * Notes in the store that the login's account has reached its usage limit, if the job's Codex was told so. What
     * cannot be noted is found out again by the next job.
     */
    public void noteUsage(Rollouts rollouts) throws InterruptedException {
        Optional<Instant> until = rollouts.usageLimitUntil(clock.instant());
        if (until.isEmpty() || !turn.tryLock()) {
            return;
        }
        try (Lease lease = leases.take()) {
            Optional<CredentialRecord> stored = lease.load();
            if (stored.isPresent() && isOfOurAccount(stored.get())) {
                Health health = stored.get().envelope().health().limitedUntil(until.get());
                lease.note(Revision.of(stored), health);
                limited(health);
            }
        } catch (CodexAuthException notNoted) {
            return;
        } finally {
            turn.unlock();
        }
    }

    private boolean isOfOurAccount(CredentialRecord stored) {
        return stored.envelope().account().equals(known().stored().account());
    }

    private synchronized void limited(Health health) {
        Taken taken = known();
        newest = new Taken(taken.login(), taken.stored().with(health), taken.outcome(), taken.safety(), taken.loan());
    }

    /** What is given out now. */
    public Granted now() {
        return granted(known());
    }

    /** What the store has, as far as this helper knows. */
    public Envelope stored() {
        return known().stored();
    }

    /** Whether a turn of this helper refreshed the login. */
    public synchronized boolean refreshed() {
        return refreshed;
    }

    /** Where the newest state is. */
    public synchronized Safety safety() {
        return safety;
    }

    private Supply again(Taken known) {
        return known.login().endsBy(clock.instant())
                ? new Unavailable("this job has asked for the next access token " + pace)
                : supply(known);
    }

    private Supply supply(Taken taken) {
        if (taken.safety() != Safety.STORED) {
            return new Unavailable("the refreshed login could not be stored");
        }
        RefreshOutcome outcome = taken.outcome();
        if (outcome instanceof RefreshOutcome.Dead dead) {
            return new Ended(dead.needs());
        }
        if (outcome instanceof RefreshOutcome.Failed failed) {
            Hindered why = failed.why();
            return new Unavailable(why.reason());
        }
        return granted(taken);
    }

    private static Granted granted(Taken taken) {
        return new Granted(taken.login(), taken.stored().generation());
    }

    private synchronized void remember(Taken taken) {
        newest = taken;
        refreshed |= taken.outcome() instanceof RefreshOutcome.Refreshed;
        safety = taken.safety();
    }

    private synchronized void settled(Safety now) {
        safety = now;
    }

    private synchronized Taken known() {
        if (newest == null) {
            throw new IllegalStateException("not opened yet");
        }
        return newest;
    }
}
