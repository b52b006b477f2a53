package io.github.codexauth.session;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.codex.Diagnosis;
import io.github.codexauth.codex.TokenRefresher;
import io.github.codexauth.home.HomeWatch;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.login.NoSuchCredentialException;
import io.github.codexauth.login.Safety;
import io.github.codexauth.login.Seed;
import io.github.codexauth.login.SessionId;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.InvalidEncryptionKeyException;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.trust.TrustDecision;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * Turns at a stored login, taken by a helper that keeps it from its job: what a {@link CodexSession} does before and
 * after a job, with a refresh by the helper's own Codex in between, in a home that no job is told of.
 *
 * <p>Safe for use by several threads, if each turn has a lease of its own.
 */
public final class LoginTurn implements LoginTurns {
    private final TrustDecision.Trusted proof;
    private final CredentialStore store;
    private final SessionSettings settings;
    private final Supplier<Optional<TokenRefresher>> codex;

    /**
     * @param proof that a trust policy allowed the job to have the credential
     * @param codex lets Codex refresh, asked for only when there is something to refresh; empty if there is no Codex
     */
    public LoginTurn(
            TrustDecision.Trusted proof,
            CredentialStore store,
            SessionSettings settings,
            Supplier<Optional<TokenRefresher>> codex) {
        this.proof = proof;
        this.store = store;
        this.settings = settings;
        this.codex = codex;
    }

    /**
     * What a turn found and left.
     *
     * @param login the newest state of the login
     * @param stored what the store has, as far as this turn knows
     * @param outcome what came of the refresh
     * @param safety where the newest state is
     * @param loan the turn's hold on the login, which is over when the turn's lease is
     */
    public record Taken(AuthJson login, Envelope stored, RefreshOutcome outcome, Safety safety, LoanedLogin loan) {}

    /**
     * Recovers what a killed helper left, seeds an empty store, and refreshes the login if that is due. Closes the
     * lease.
     *
     * @param due whether this stored login has to be refreshed
     * @throws NoSuchCredentialException if the store has no login and there is no seed
     * @throws LoginNeededException if the login is known to be dead
     * @throws StoreException if the store cannot be read, or could not be written
     * @throws InvalidEncryptionKeyException if the stored login cannot be decrypted
     */
    @Override
    public Taken take(Lease lease, Optional<Seed> seed, BiPredicate<AuthJson, Envelope> due)
            throws CodexAuthException, InterruptedException {
        proof.require(lease.id());
        try (lease) {
            SessionId session = SessionId.random();
            LoanedLogin login = CodexSession.takeOut(proof, store, lease, session, seed, settings);
            return due.test(login.auth(), login.current())
                    ? refresh(lease, session, login)
                    : taken(login, new RefreshOutcome.NotDue(), Safety.STORED);
        }
    }

    private Taken refresh(Lease lease, SessionId id, LoanedLogin login)
            throws CodexAuthException, InterruptedException {
        Optional<TokenRefresher> refresher = codex.get();
        if (refresher.isEmpty()) {
            return taken(login, withoutCodex(login), Safety.STORED);
        }
        CodexSession session = CodexSession.begin(lease, id, login, settings);
        SessionEnd end;
        RefreshOutcome outcome;
        try (HomeWatch watch = session.watch()) {
            outcome = session.refreshNow(refresher.get());
        } finally {
            end = session.finish();
        }
        return taken(login, outcome, end.safety());
    }

    private RefreshOutcome withoutCodex(LoanedLogin login) {
        return LoginRefresh.failed(
                login,
                settings.login().clock(),
                new Diagnosis.Hindered(Diagnosis.Hindrance.UNKNOWN, "there is no Codex here that could refresh it"));
    }

    private static Taken taken(LoanedLogin login, RefreshOutcome outcome, Safety safety) {
        return new Taken(login.auth(), login.current(), outcome, safety, login);
    }
}
