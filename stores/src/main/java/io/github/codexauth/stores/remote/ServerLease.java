package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.Sha256;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.DetachableLease;
import io.github.codexauth.store.Encryption;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Keep;
import io.github.codexauth.store.LeaseClaim;
import io.github.codexauth.store.LeaseState;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A lease in a store on a server. It is renewed by the store's own thread, so that no save can hold its renewal up. A
 * save does not ask whether the lease still runs: what it replaces says whether it is right.
 */
final class ServerLease implements DetachableLease {
    private final ServerStore.Parts store;
    private final Turn turn;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Renewals.Renewal renewal;
    /** When the access token of the stored login ends, as far as we saw. */
    private volatile Optional<Instant> expires = Optional.empty();

    /** @param renewals renews it until it is closed */
    ServerLease(ServerStore.Parts store, Turn turn, Renewals renewals) {
        this.store = store;
        this.turn = turn;
        this.renewal = renewals.start(store.leases().times().renewal(), this::renew);
    }

    @Override
    public CredentialId id() {
        return turn.ours().id();
    }

    private boolean renew() {
        Term.Request request = turn.term().request();
        try {
            boolean held = store.leases().renew(turn.ours(), expires);
            if (held) {
                request.confirmed();
            } else {
                turn.term().lost();
            }
            return held;
        } catch (Failure unanswered) {
            // Then the term goes on running out.
            return true;
        }
    }

    @Override
    public LeaseState state() {
        return turn.term().state();
    }

    @Override
    public LeaseState confirm() {
        if (!over.get()) {
            renew();
        }
        return state();
    }

    @Override
    public Optional<CredentialRecord> load() throws StoreException {
        Optional<CredentialRecord> current = store.logins().load(id());
        current.ifPresent(this::remember);
        return current;
    }

    private void remember(CredentialRecord record) {
        expires = record.envelope().expiresAt();
    }

    @Override
    public Optional<CredentialRecord> loadPrevious() throws StoreException {
        return store.logins().previous(id());
    }

    @Override
    public boolean setDamagedAside() throws StoreException {
        return store.logins().setDamagedAside(id());
    }

    @Override
    public SaveResult save(Revision expected, CredentialRecord record, Keep keep) throws StoreException {
        requireProtection(record.encryption());
        SaveResult result = store.logins().save(turn, expected, record, keep);
        if (!result.isSaved()) {
            return result;
        }
        remember(record);
        return over.get() ? SaveResult.SAVED_LATE : result;
    }

    @Override
    public SaveResult note(Revision expected, Health health) throws StoreException {
        return over.get() || state() instanceof LeaseState.Lost
                ? SaveResult.LEASE_LOST
                : store.logins().note(turn, expected, health);
    }

    @Override
    public void proveWritable() throws StoreException {
        Optional<CredentialRecord> stored = store.logins().proveWritable(id());
        if (stored.isPresent()) {
            requireProtection(stored.get().encryption());
        }
    }

    @Override
    public void requireProtection(Encryption encryption) throws StoreUnavailableException {
        store.protection().require(encryption);
    }

    @Override
    public LeaseClaim detach(Duration time) throws StoreException {
        LeaseClaim claim = new LeaseClaim(PrivateFiles.randomHex(16));
        if (over.get() || !store.leases().detach(turn.ours(), hash(claim), time)) {
            throw new StoreUnavailableException(
                    "the lease of credential '" + id() + "' has ended, so it cannot be left to later steps",
                    "run codex-auth restore again");
        }
        over.set(true);
        end();
        return claim;
    }

    /** Whoever reads the store must not be able to take a lease up. */
    static String hash(LeaseClaim claim) {
        return Sha256.hex(claim.value().getBytes(StandardCharsets.US_ASCII));
    }

    private void end() {
        renewal.end();
        turn.term().lost();
    }

    @Override
    public void close() {
        if (over.getAndSet(true)) {
            return;
        }
        end();
        try {
            if (store.leases().release(turn.ours(), expires)) {
                store.line().ring(id());
            }
        } catch (StoreUnavailableException later) {
            // Then it ends by itself, at the end of its term.
            return;
        }
    }
}
