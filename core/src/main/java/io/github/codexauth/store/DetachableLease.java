package io.github.codexauth.store;

import java.time.Duration;

/**
 * A lease that can outlive its process: besides the ways in which every lease ends, it ends after the time that it
 * was left for.
 */
public interface DetachableLease extends Lease {
    /**
     * Lets this process end without freeing the credential: for {@code time} only {@link DetachableStore#resume}
     * with the returned claim can have it. Closes this lease.
     *
     * @param time counted by the clock by which the store ends leases
     * @throws StoreUnavailableException if the claim could not be stored, or the lease has ended already
     */
    LeaseClaim detach(Duration time) throws StoreException;
}
