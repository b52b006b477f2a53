package io.github.codexauth.runner.storage.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.runner.storage.remote.Attempts;
import io.github.codexauth.runner.storage.remote.Failure;
import io.github.codexauth.runner.storage.remote.OurLease;
import io.github.codexauth.runner.storage.remote.Renewals;
import io.github.codexauth.runner.storage.remote.RenewedLease;
import io.github.codexauth.runner.storage.remote.Settled;
import io.github.codexauth.runner.storage.remote.Turns;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
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
final class EntryLease extends RenewedLease {
    private final LoginEntries logins;
    private final LeaseEntries leases;
    private final Line line;
    private final OurLease ours;
    /** When the access token of the stored login ends, as far as we saw. */
    private volatile Optional<Instant> expires = Optional.empty();

    /**
     * @param turn what is ours, and how long for certain
     * @param renewals renews it until it is closed
     */
    EntryLease(LoginEntries logins, LeaseEntries leases, Line line, Turns.Turn turn, Renewals renewals) {
        super(turn.ours().id(), turn.term());
        this.logins = logins;
        this.leases = leases;
        this.line = line;
        this.ours = turn.ours();
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
        Optional<CredentialRecord> current = logins.newest().current();
        current.ifPresent(this::remember);
        return current;
    }

    private void remember(CredentialRecord record) {
        expires = record.envelope().expiresAt();
    }

    @Override
    public Optional<CredentialRecord> loadPrevious() throws StoreException {
        return logins.newest().previous();
    }

    @Override
    public boolean setDamagedAside() throws StoreException {
        LoginEntry damaged = logins.newest();
        try {
            damaged.current();
            return false;
        } catch (CorruptRecordException unreadable) {
            ObjectNode good = damaged.setAside();
            // What was put aside already, and the answer lost, reads well the next time.
            Attempts.repeat(() -> logins.writeOnce(damaged, good));
            logins.newest().current();
            return true;
        }
    }

    @Override
    public SaveResult save(Revision expected, CredentialRecord record, Keep keep) throws StoreException {
        if (expected.equals(Revision.NONE)) {
            leases.markStored(id());
        }
        SaveResult result = Settled.swap(expected, Revision.of(record), new Settled.Swap() {
            @Override
            public SaveResult swapOnce() throws StoreException, Failure {
                return EntryLease.this.swapOnce(expected, record, keep);
            }

            @Override
            public Revision storedOnce() throws StoreException, Failure {
                return logins.newestOnce().revision();
            }
        });
        if (!result.isSaved()) {
            return result;
        }
        remember(record);
        return isStillOurs() ? SaveResult.SAVED : SaveResult.SAVED_LATE;
    }

    /** Once more where somebody touched the login and did not change it, or a standby answered. */
    private SaveResult swapOnce(Revision expected, CredentialRecord record, Keep keep) throws StoreException, Failure {
        LoginEntry stored = logins.lookOnce();
        while (true) {
            if (stored.revision().equals(expected) && logins.writeOnce(stored, stored.saved(record, keep))) {
                return SaveResult.SAVED;
            }
            stored = logins.newestOnce();
            if (!stored.revision().equals(expected)) {
                return SaveResult.CONFLICT;
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
        LoginEntry stored = logins.newest();
        Optional<CredentialRecord> current = stored.current();
        Optional<SaveResult> obstacle =
                isStillOurs() ? obstacle(current, expected) : Optional.of(SaveResult.LEASE_LOST);
        if (obstacle.isPresent() || current.isEmpty()) {
            return obstacle.orElse(SaveResult.CONFLICT);
        }
        CredentialRecord noted = current.get().with(health);
        ObjectNode next = stored.rewritten(noted);
        boolean written = Attempts.repeat(() -> logins.writeOnce(stored, next));
        return written || logins.newest().current().equals(Optional.of(noted)) ? SaveResult.SAVED : SaveResult.CONFLICT;
    }

    /** Where there is a login, reading the newest has proven it. */
    @Override
    public void proveWritable() throws StoreException {
        LoginEntry stored = logins.newest();
        stored.current();
        if (stored.isAbsent()) {
            logins.pretend();
        }
    }
}
