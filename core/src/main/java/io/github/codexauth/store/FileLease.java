package io.github.codexauth.store;

import io.github.codexauth.CredentialId;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** A lease of a {@link FileCredentialStore}: the records, and the lock that lets only us touch them. */
final class FileLease implements Lease {
    private final CredentialFiles files;
    private final LeaseFile lock;

    FileLease(CredentialFiles files, LeaseFile lock) {
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
    public synchronized SaveResult save(long expected, CredentialRecord record) throws StoreException {
        if (!lock.isHeld()) {
            return SaveResult.LEASE_LOST;
        }
        long current =
                files.current().map(stored -> stored.envelope().generation()).orElse(0L);
        if (current != expected) {
            return SaveResult.CONFLICT;
        }
        try {
            files.replaceCurrent(record);
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
    public boolean renew() {
        return lock.isHeld();
    }

    @Override
    public synchronized LeaseClaim detach(Instant deadline) throws StoreException {
        try {
            return lock.detach(deadline);
        } catch (IOException e) {
            throw FolderProblems.cannot("write", files.folder(), e);
        }
    }

    @Override
    public void close() {
        lock.release();
    }
}
