package io.github.codexauth.session;

import io.github.codexauth.codex.Diagnosis;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.store.NeedsLogin;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * Lets Codex refresh a login on loan, wherever its home is, and says what came of it. A login that is dead is noted as
 * such in the store.
 */
public final class LoginRefresh {
    /**
     * Codex refreshes by itself, when it starts, what ends within this time. Asked to force it, it would then refresh
     * twice (Codex 0.169.0).
     */
    private static final Duration CODEX_REFRESHES_BEFORE = Duration.ofMinutes(5);

    private final LoanedLogin login;
    private final Clock clock;
    private final Attempt attempt;

    /** @param attempt works in a home that has the login's newest state */
    public LoginRefresh(LoanedLogin login, Clock clock, Attempt attempt) {
        this.login = login;
        this.clock = clock;
        this.attempt = attempt;
    }

    /** One run of Codex. */
    @FunctionalInterface
    public interface Attempt {
        /**
         * Lets Codex refresh, and offers what it wrote to the login, before it answers.
         *
         * @param force refresh a token that has not expired; without it Codex refreshes an expired one only
         */
        Diagnosis make(boolean force) throws InterruptedException;
    }

    /** Whether a login's access token says that it ends within this time, or has ended. */
    public static boolean endsWithin(LoanedLogin login, Clock clock, Duration time) {
        return login.auth().endsBy(clock.instant().plus(time));
    }

    /**
     * Refreshes before a job what would not last for it. What is stored afterwards is what the job starts from.
     *
     * @param budget how long the job may take
     */
    public RefreshOutcome early(Duration budget) throws InterruptedException {
        if (!endsWithin(login, clock, budget)) {
            return new RefreshOutcome.NotDue();
        }
        RefreshOutcome outcome = refresh(cause -> cause);
        login.handOver();
        return outcome;
    }

    /** Refreshes the login, however long its access token would last. */
    public RefreshOutcome now() throws InterruptedException {
        return refresh(cause -> cause);
    }

    /**
     * Finds out after a job whether the login still lives.
     *
     * @param loginGone whether the job left no file of a login
     */
    public RefreshOutcome afterJob(boolean loginGone) throws InterruptedException {
        return refresh(cause -> loginGone ? loggedOut(cause) : cause);
    }

    private RefreshOutcome refresh(UnaryOperator<NeedsLogin.Cause> understanding) throws InterruptedException {
        long before = login.current().generation();
        Diagnosis diagnosis = attempt.make(!endsWithin(login, clock, CODEX_REFRESHES_BEFORE));
        if (login.current().generation() > before || login.hasUnsavedRefresh()) {
            return new RefreshOutcome.Refreshed();
        }
        if (diagnosis instanceof Diagnosis.Dead dead) {
            return new RefreshOutcome.Dead(login.ended(understanding.apply(dead.cause())));
        }
        return failed(
                login,
                clock,
                diagnosis instanceof Diagnosis.Hindered hindered
                        ? hindered
                        : new Diagnosis.Hindered(Diagnosis.Hindrance.UNKNOWN, "Codex left auth.json as it was"));
    }

    /** What has come of a refresh that something stood in the way of. */
    static RefreshOutcome failed(LoanedLogin login, Clock clock, Diagnosis.Hindered why) {
        Instant expiry = login.auth().expiresAt().orElse(Instant.EPOCH);
        return new RefreshOutcome.Failed(why, expiry, expiry.isAfter(clock.instant()));
    }

    /** A login that is dead after its file was removed was logged out; how the server calls that is of no interest. */
    private static NeedsLogin.Cause loggedOut(NeedsLogin.Cause cause) {
        return cause == NeedsLogin.Cause.REFUSED || cause == NeedsLogin.Cause.REFRESH_TOKEN_INVALIDATED
                ? NeedsLogin.Cause.LOGGED_OUT
                : cause;
    }
}
