package io.github.codexauth.runner.storage.kubernetes;

import io.github.codexauth.runner.storage.remote.Attempts;
import io.github.codexauth.runner.storage.remote.Failure;
import io.github.codexauth.runner.storage.remote.OurLease;
import io.github.codexauth.runner.storage.remote.PlaintextRule;
import io.github.codexauth.runner.storage.remote.Renewals;
import io.github.codexauth.runner.storage.remote.RenewedLease;
import io.github.codexauth.runner.storage.remote.Settled;
import io.github.codexauth.runner.storage.remote.Turns;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Encryption;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Keep;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A lease on one credential. */
final class ObjectLease extends RenewedLease {
    private final LoginSecrets secrets;
    private final LeaseObjects leases;
    private final Line line;
    private final OurLease ours;
    private final PlaintextRule protection;
    /** When the access token of the stored login ends, as far as we saw. */
    private volatile Optional<Instant> expires = Optional.empty();

    /**
     * @param turn what is ours, and how long for certain
     * @param renewals renews it until it is closed
     */
    ObjectLease(LoginSecrets secrets, LeaseObjects leases, Line line, Turns.Turn turn, Renewals renewals) {
        super(turn.ours().id(), turn.term());
        this.secrets = secrets;
        this.leases = leases;
        this.line = line;
        this.ours = turn.ours();
        ClusterAddress address = secrets.server().address();
        this.protection = new PlaintextRule(
                address.toString(), "the cluster's Secrets, or a back-up of its etcd,", address.plaintext());
        renewBy(renewals, leases.times().renewal());
    }

    @Override
    protected boolean renewOnce() throws Failure {
        return leases.renew(ours, expires);
    }

    @Override
    protected boolean leave(String hashOfClaim, Duration time) throws StoreException {
        return leases.detach(ours, hashOfClaim, time);
    }

    @Override
    protected void release() throws StoreUnavailableException {
        if (leases.release(ours, expires)) {
            line.ring(id());
        }
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
        SaveResult result = Settled.swap(expected, Revision.of(record), new Settled.Swap() {
            @Override
            public SaveResult swapOnce() throws StoreException, Failure {
                return ObjectLease.this.swapOnce(expected, record, keep);
            }

            @Override
            public Revision storedOnce() throws StoreException, Failure {
                return secrets.readOnce().revision();
            }
        });
        if (!result.isSaved()) {
            return result;
        }
        remember(record);
        return isStillOurs() ? SaveResult.SAVED : SaveResult.SAVED_LATE;
    }

    /** Until nobody came between who changed the Secret and not its login. */
    private SaveResult swapOnce(Revision expected, CredentialRecord record, Keep keep) throws StoreException, Failure {
        while (true) {
            LoginSecret stored = secrets.readOnce();
            if (!stored.revision().equals(expected)) {
                return SaveResult.CONFLICT;
            }
            if (secrets.writeOnce(stored.saved(record, keep))) {
                return SaveResult.SAVED;
            }
        }
    }

    private boolean isStillOurs() {
        if (isOver()) {
            return false;
        }
        try {
            return leases.isStill(ours);
        } catch (Failure silent) {
            return state().isHeld();
        }
    }

    @Override
    public SaveResult note(Revision expected, Health health) throws StoreException {
        LoginSecret stored = secrets.read();
        Optional<CredentialRecord> current = stored.current();
        Optional<SaveResult> obstacle =
                isStillOurs() ? obstacle(current, expected) : Optional.of(SaveResult.LEASE_LOST);
        if (obstacle.isPresent() || current.isEmpty()) {
            return obstacle.orElse(SaveResult.CONFLICT);
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
}
