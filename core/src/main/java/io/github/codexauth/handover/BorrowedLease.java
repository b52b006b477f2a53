package io.github.codexauth.handover;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Encryption;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Keep;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseState;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import java.util.Optional;

/** A lease whose owner needs it for longer than whoever borrows it. */
record BorrowedLease(Lease owned) implements Lease {
    @Override
    public CredentialId id() {
        return owned.id();
    }

    @Override
    public Optional<CredentialRecord> load() throws StoreException {
        return owned.load();
    }

    @Override
    public Optional<CredentialRecord> loadPrevious() throws StoreException {
        return owned.loadPrevious();
    }

    @Override
    public boolean setDamagedAside() throws StoreException {
        return owned.setDamagedAside();
    }

    @Override
    public SaveResult save(Revision expected, CredentialRecord record, Keep keep) throws StoreException {
        return owned.save(expected, record, keep);
    }

    @Override
    public SaveResult note(Revision expected, Health health) throws StoreException {
        return owned.note(expected, health);
    }

    @Override
    public void requireProtection(Encryption encryption) throws StoreException {
        owned.requireProtection(encryption);
    }

    @Override
    public void proveWritable() throws StoreException {
        owned.proveWritable();
    }

    @Override
    public LeaseState state() {
        return owned.state();
    }

    @Override
    public LeaseState confirm() {
        return owned.confirm();
    }

    @Override
    public void close() {
        // Its owner closes it.
    }
}
