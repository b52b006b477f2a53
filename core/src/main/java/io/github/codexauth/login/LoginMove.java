package io.github.codexauth.login;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.NeedsLogin;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Moves a login to another store, under the leases of both.
 *
 * <p>The login is marked as moved where it was before it is anywhere else: at no instant do two stores have it that
 * jobs could start from, and each of them would use up the other's refresh token. A move that was broken off in between
 * is taken up by the next one.
 */
public final class LoginMove {
    private final Lease from;
    private final Lease to;
    private final LoginRecords records;
    private final LoginSettings settings;

    /** @param settings who does it, and the key with which the login is encrypted in both stores */
    public LoginMove(Lease from, Lease to, SessionId session, LoginSettings settings) {
        this.from = from;
        this.to = to;
        this.records = new LoginRecords(from, session, settings);
        this.settings = settings;
    }

    /**
     * Moves it.
     *
     * @param source the store it leaves, for messages
     * @return what the other store has now; the generation is the same if that store had none
     * @throws NoSuchCredentialException if there is nothing to move
     * @throws LoginNeededException if the login is dead: a new one is better put into the other store at once
     * @throws OccupiedException if the other store has a login of that name
     * @throws StoreException if a store does not answer, or cannot be written; the message says in which state that
     *     left the login
     */
    public Envelope move(CredentialStore source) throws CodexAuthException {
        OpenRecord stored =
                records.load().orElseThrow(() -> new NoSuchCredentialException(from.id(), source.address()));
        Optional<CredentialRecord> there = to.load();
        boolean marked = isMoved(stored.envelope());
        if (there.isPresent() && !isMoved(there.get().envelope())) {
            if (marked
                    && there.get().envelope().account().equals(stored.envelope().account())) {
                return there.get().envelope();
            }
            throw new OccupiedException(from.id());
        }
        OpenRecord login = marked ? stored : records.takeUpCopies(stored);
        settings.events().secrets(login.auth().secrets());
        Optional<NeedsLogin> dead =
                login.envelope().needsLogin().filter(needs -> !needs.cause().isMove());
        if (dead.isPresent()) {
            throw new LoginNeededException(from.id(), dead.get());
        }
        to.requireProtection(settings.atRest().encryption());
        to.proveWritable();
        if (!marked) {
            mark(login.revision(), true);
        }
        return put(login, Revision.of(there)).envelope();
    }

    private OpenRecord put(OpenRecord login, Revision expected) throws CodexAuthException {
        OpenRecord next = records.writer().moved(login, expected.generation());
        SaveResult result;
        try {
            result = to.save(expected, next.record());
        } catch (StoreUnavailableException unknown) {
            // Two stores with the login would be worse than a login that no job may use.
            throw new StoreUnavailableException(
                    "whether the other store has the login '" + from.id()
                            + "' by now is not known, so no job may use it: " + unknown.problem(),
                    "start the move again: codex-auth store copy");
        }
        if (result == SaveResult.CONFLICT || result == SaveResult.LEASE_LOST) {
            mark(login.revision(), false);
        }
        records.requireSaved(result);
        return next;
    }

    private void mark(Revision revision, boolean moved) throws CodexAuthException {
        NeedsLogin mark =
                new NeedsLogin(settings.clock().instant().truncatedTo(ChronoUnit.MILLIS), NeedsLogin.Cause.MOVED);
        records.requireSaved(from.note(revision, moved ? Health.needing(mark) : Health.ALIVE));
    }

    private static boolean isMoved(Envelope envelope) {
        return envelope.needsLogin().filter(needs -> needs.cause().isMove()).isPresent();
    }
}
