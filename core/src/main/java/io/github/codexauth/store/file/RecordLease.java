package io.github.codexauth.store.file;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Keep;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseState;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A lease on records in a folder, and what lets only us touch them. */
class RecordLease implements Lease {
    private final CredentialFiles files;
    private final Exclusion lock;

    /**
     * What a failed save has stored all the same: after the rename the folder could not be made durable, as when the
     * thread is interrupted just then. The next attempt must not take it for somebody else's.
     */
    private @Nullable Unconfirmed unconfirmed;

    private record Unconfirmed(Revision replaced, Revision stored) {
        boolean is(Revision expected, Revision current) {
            return replaced.equals(expected) && stored.equals(current);
        }
    }

    RecordLease(CredentialFiles files, Exclusion lock) {
        this.files = files;
        this.lock = lock;
    }

    @Override
    public CredentialId id() {
        return files.id();
    }

    @Override
    public synchronized Optional<CredentialRecord> load() throws StoreException {
        return files.current();
    }

    @Override
    public synchronized Optional<CredentialRecord> loadPrevious() throws StoreException {
        try {
            return files.previous();
        } catch (CorruptRecordException unreadable) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized boolean setDamagedAside() throws StoreException {
        boolean setAside = false;
        // Twice when the previous generation, which takes the damaged one's place, is damaged too.
        while (isDamaged()) {
            try {
                files.setDamagedAside();
                setAside = true;
            } catch (IOException e) {
                throw FolderProblems.cannot("write", files.folder(), e);
            }
        }
        return setAside;
    }

    private boolean isDamaged() throws StoreException {
        try {
            files.current();
            return false;
        } catch (CorruptRecordException damaged) {
            return true;
        }
    }

    @Override
    public synchronized SaveResult save(Revision expected, CredentialRecord record, Keep keep) throws StoreException {
        if (!lock.isHeld()) {
            return SaveResult.LEASE_LOST;
        }
        Revision stored = Revision.of(files.current());
        boolean again = unconfirmed != null && unconfirmed.is(expected, stored);
        if (!again && !stored.equals(expected)) {
            return SaveResult.CONFLICT;
        }
        try {
            files.replaceCurrent(record, !again && (keep == Keep.REPLACED || !files.hasPrevious()));
            unconfirmed = new Unconfirmed(expected, Revision.of(record));
            files.makeDurable();
            unconfirmed = null;
            return SaveResult.SAVED;
        } catch (IOException e) {
            throw FolderProblems.cannot("write", files.folder(), e);
        }
    }

    @Override
    public synchronized SaveResult note(Revision expected, Health health) throws StoreException {
        if (!lock.isHeld()) {
            return SaveResult.LEASE_LOST;
        }
        Optional<CredentialRecord> current = files.current();
        if (current.isEmpty() || !Revision.of(current).equals(expected)) {
            return SaveResult.CONFLICT;
        }
        try {
            files.replaceCurrent(current.get().with(health), false);
            files.makeDurable();
            return SaveResult.SAVED;
        } catch (IOException e) {
            throw FolderProblems.cannot("write", files.folder(), e);
        }
    }

    @Override
    public synchronized void proveWritable() throws StoreException {
        try {
            files.proveWritable();
        } catch (IOException e) {
            throw FolderProblems.cannot("write", files.folder(), e);
        }
    }

    @Override
    public LeaseState state() {
        return lock.isHeld() ? LeaseState.FOR_LIFE : new LeaseState.Lost();
    }

    @Override
    public void close() {
        lock.release();
    }
}
