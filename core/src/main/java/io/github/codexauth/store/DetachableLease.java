package io.github.codexauth.store;

import java.time.Instant;

/**
 * A lease that can outlive its process: besides the ways in which every lease ends, it ends at the deadline it was left
 * with.
 */
public interface DetachableLease extends Lease {
    /**
     * Lets this process end without freeing the credential: until {@code deadline} only {@link DetachableStore#resume}
     * with the returned claim can have it. Closes this lease.
     *
     * @throws StoreUnavailableException if the claim could not be stored, or the lease has ended already
     */
    LeaseClaim detach(Instant deadline) throws StoreException;
}
