package io.github.codexauth.store;

import io.github.codexauth.CredentialId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A store whose leases can be left to another process: the first one takes the credential and ends, a later one takes
 * it up again by a claim. In between nobody holds it, and yet nobody else gets it before a deadline.
 *
 * <p>Implementations may be used by several threads. {@code DetachableStoreContract} in the test-jar says what each of
 * them has to do besides what every store does.
 */
public interface DetachableStore extends CredentialStore {
    /**
     * The store itself, for work that needs such leases.
     *
     * @throws NotDetachableException if its leases end with their processes
     */
    static DetachableStore of(CredentialStore store) throws NotDetachableException {
        if (store instanceof DetachableStore detachable) {
            return detachable;
        }
        throw new NotDetachableException("the store " + store.address());
    }

    @Override
    DetachableLease acquire(CredentialId id, Holder holder, Duration wait, Consumer<Occupancy> onBusy)
            throws StoreException, CredentialBusyException, InterruptedException;

    /**
     * Takes up a lease that {@link DetachableLease#detach} left behind, also after its deadline if nobody took it
     * since.
     *
     * @throws LeaseGoneException if the claim is not, or no longer, the one that holds the credential
     * @throws StoreUnavailableException if the store does not answer; the claim is then as good as before
     * @throws InterruptedException if the thread is interrupted while waiting; nothing is then held
     */
    DetachableLease resume(CredentialId id, LeaseClaim claim)
            throws StoreException, LeaseGoneException, InterruptedException;

    /**
     * The lease of a credential; empty if nobody has it. Only a snapshot, by which {@link #breakLease} knows what is
     * meant.
     */
    Optional<HeldLease> lease(CredentialId id) throws StoreException;

    @Override
    default Optional<Occupancy> occupancy(CredentialId id) throws StoreException {
        return lease(id).map(HeldLease::occupancy);
    }

    /**
     * Ends a lease whose holder will not give it back: one that was left, and that of a process elsewhere, which goes
     * on and saves only what nobody else has saved by then. A store whose leases end with their processes may leave a
     * living one its own.
     *
     * @param epoch as {@link #lease} showed it; another one stays
     * @return false if the credential is free or has another lease by now, or if its holder is a living process that
     *     the store leaves it to
     * @throws StoreUnavailableException if the store does not answer
     */
    boolean breakLease(CredentialId id, long epoch) throws StoreException;
}
