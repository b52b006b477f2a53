package io.github.codexauth.runner.storage.kubernetes;

import io.github.codexauth.CredentialId;
import io.github.codexauth.Sha256;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.runner.storage.remote.Attempts;
import io.github.codexauth.runner.storage.remote.Failure;
import io.github.codexauth.runner.storage.remote.OurLease;
import io.github.codexauth.runner.storage.remote.PlaintextRule;
import io.github.codexauth.runner.storage.remote.Renewals;
import io.github.codexauth.runner.storage.remote.Term;
import io.github.codexauth.runner.storage.remote.Turns;
import io.github.codexauth.store.CompareAndSwap;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.DetachableLease;
import io.github.codexauth.store.Encryption;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Keep;
import io.github.codexauth.store.LeaseClaim;
import io.github.codexauth.store.LeaseState;
import io.github.codexauth.store.LostAnswerException;
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
 * A lease on one credential. It is renewed by the store's own thread, so that no save can hold its renewal up. A save
 * does not ask whether the lease still runs: what it replaces says whether it is right.
 */
final class ObjectLease implements DetachableLease {
    private final LoginSecrets secrets;
    private final LeaseObjects leases;
    private final Line line;
    private final OurLease ours;
    private final Term term;
    private final PlaintextRule protection;
    private final Renewals.Renewal renewal;
    private final AtomicBoolean over = new AtomicBoolean();
    /** When the access token of the stored login ends, as far as we saw. */
    private volatile Optional<Instant> expires = Optional.empty();

    /**
     * @param turn what is ours, and how long for certain
     * @param renewals renews it until it is closed
     */
    ObjectLease(LoginSecrets secrets, LeaseObjects leases, Line line, Turns.Turn turn, Renewals renewals) {
        this.secrets = secrets;
        this.leases = leases;
        this.line = line;
        this.ours = turn.ours();
        this.term = turn.term();
        ClusterAddress address = secrets.server().address();
        this.protection = new PlaintextRule(
                address.toString(), "the cluster's Secrets, or a back-up of its etcd,", address.plaintext());
        this.renewal = renewals.start(leases.times().renewal(), this::renew);
    }

    @Override
    public CredentialId id() {
        return ours.id();
    }

    /** Once: who calls does so again soon. @return whether to go on */
    private boolean renew() {
        Term.Request request = term.request();
        try {
            boolean held = leases.renew(ours, expires);
            if (held) {
                request.confirmed();
            } else {
                term.lost();
            }
            return held;
        } catch (Failure unanswered) {
            // Then the term goes on running out.
            return true;
        }
    }

    @Override
    public LeaseState state() {
        return term.state();
    }

    @Override
    public LeaseState confirm() {
        if (!over.get()) {
            renew();
        }
        return term.state();
    }

    @Override
    public Optional<CredentialRecord> load() throws StoreException {
        Optional<CredentialRecord> current = secrets.read().current();
        current.ifPresent(this::remember);
        return current;
    }

    private void remember(CredentialRecord record) {
        expires = record.envelope().expiresAt();
    }

    @Override
    public Optional<CredentialRecord> loadPrevious() throws StoreException {
        return secrets.read().previous();
    }

    @Override
    public boolean setDamagedAside() throws StoreException {
        LoginSecret damaged = secrets.read();
        try {
            damaged.current();
            return false;
        } catch (CorruptRecordException unreadable) {
            LoginSecret good = damaged.setAside();
            // What was put aside already, and the answer lost, reads well the next time.
            Attempts.repeat(() -> secrets.writeOnce(good));
            secrets.read().current();
            return true;
        }
    }

    @Override
    public SaveResult save(Revision expected, CredentialRecord record, Keep keep) throws StoreException {
        protection.require(record.encryption());
        if (expected.equals(Revision.NONE)) {
            leases.markStored(id());
        }
        SaveResult result = new CompareAndSwap(expected, Revision.of(record), Attempts.LIMIT)
                .in(new CompareAndSwap.Place() {
                    @Override
                    public SaveResult swap() throws StoreException, LostAnswerException {
                        return swapOnce(expected, record, keep);
                    }

                    @Override
                    public Revision stored() throws StoreException {
                        Attempts.pause();
                        try {
                            return secrets.readOnce().revision();
                        } catch (Failure failure) {
                            throw failure.told();
                        }
                    }
                });
        if (!result.isSaved()) {
            return result;
        }
        remember(record);
        return isStillOurs() ? SaveResult.SAVED : SaveResult.SAVED_LATE;
    }

    /** Until nobody came between who changed the Secret and not its login. */
    private SaveResult swapOnce(Revision expected, CredentialRecord record, Keep keep)
            throws StoreException, LostAnswerException {
        try {
            while (true) {
                LoginSecret stored = secrets.readOnce();
                if (!stored.revision().equals(expected)) {
                    return SaveResult.CONFLICT;
                }
                if (secrets.writeOnce(stored.saved(record, keep))) {
                    return SaveResult.SAVED;
                }
            }
        } catch (Failure failure) {
            if (failure.kind() == Failure.Kind.REFUSED) {
                throw failure.told();
            }
            throw new LostAnswerException(failure.told());
        }
    }

    private boolean isStillOurs() {
        if (over.get()) {
            return false;
        }
        try {
            return leases.isStill(ours);
        } catch (Failure silent) {
            return term.state().isHeld();
        }
    }

    @Override
    public SaveResult note(Revision expected, Health health) throws StoreException {
        LoginSecret stored = secrets.read();
        Optional<CredentialRecord> current = stored.current();
        if (term.state() instanceof LeaseState.Lost || !isStillOurs()) {
            return SaveResult.LEASE_LOST;
        }
        if (current.isEmpty() || !Revision.of(current).equals(expected)) {
            return SaveResult.CONFLICT;
        }
        CredentialRecord noted = current.get().with(health);
        LoginSecret next = stored.rewritten(noted);
        boolean written = Attempts.repeat(() -> secrets.writeOnce(next));
        return written || secrets.read().current().equals(Optional.of(noted)) ? SaveResult.SAVED : SaveResult.CONFLICT;
    }

    @Override
    public void proveWritable() throws StoreException {
        LoginSecret stored = secrets.read();
        Optional<CredentialRecord> current = stored.current();
        if (current.isPresent()) {
            protection.require(current.get().encryption());
        }
        secrets.pretend(stored.filled());
    }

    @Override
    public void requireProtection(Encryption encryption) throws StoreUnavailableException {
        protection.require(encryption);
    }

    @Override
    public LeaseClaim detach(Duration time) throws StoreException {
        LeaseClaim claim = new LeaseClaim(PrivateFiles.randomHex(16));
        if (over.get() || !leases.detach(ours, hash(claim), time)) {
            throw new StoreUnavailableException(
                    "the lease of credential '" + id() + "' has ended, so it cannot be left to later steps",
                    "run codex-auth restore again");
        }
        over.set(true);
        end();
        return claim;
    }

    /** Whoever reads the Lease must not be able to take it up. */
    static String hash(LeaseClaim claim) {
        return Sha256.hex(claim.value().getBytes(StandardCharsets.US_ASCII));
    }

    private void end() {
        renewal.end();
        term.lost();
    }

    @Override
    public void close() {
        if (over.getAndSet(true)) {
            return;
        }
        end();
        try {
            if (leases.release(ours, expires)) {
                line.ring(id());
            }
        } catch (StoreUnavailableException later) {
            // Then it ends by itself, at the end of its term, and those who wait look now and then.
            return;
        }
    }
}
