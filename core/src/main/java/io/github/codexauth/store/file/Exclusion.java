package io.github.codexauth.store.file;

import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseClaim;
import io.github.codexauth.store.StoreException;
import java.io.IOException;
import java.time.Instant;

/**
 * What keeps everybody else out of a credential while we have it: the kernel's lock on a file, or a turn in the queue of a CI
 * controller. Safe for use by several threads.
 */
public interface Exclusion {
    /** Whether nobody else can have the credential now. */
    boolean isHeld();

    /**
     * Lets this process go without letting others in before the deadline; see {@link Lease#detach}.
     *
     * @throws StoreException if it is not held any more
     */
    LeaseClaim detach(Instant deadline) throws StoreException, IOException;

    /** Lets others in. Does nothing the second time, and never throws. */
    void release();
}
