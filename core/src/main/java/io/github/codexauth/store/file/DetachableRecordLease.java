package io.github.codexauth.store.file;

import io.github.codexauth.store.DetachableLease;
import io.github.codexauth.store.LeaseClaim;
import io.github.codexauth.store.StoreException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/** A lease on records in a folder that the kernel's lock keeps for us, and that can be left to another process. */
final class DetachableRecordLease extends RecordLease implements DetachableLease {
    private final CredentialFiles files;
    private final KernelLock lock;
    private final Clock clock;

    DetachableRecordLease(CredentialFiles files, KernelLock lock, Clock clock) {
        super(files, lock);
        this.files = files;
        this.lock = lock;
        this.clock = clock;
    }

    @Override
    public synchronized LeaseClaim detach(Duration time) throws StoreException {
        try {
            return lock.detach(clock.instant().plus(time));
        } catch (IOException e) {
            throw FolderProblems.cannot("write", files.folder(), e);
        }
    }
}
