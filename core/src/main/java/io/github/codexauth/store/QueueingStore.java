package io.github.codexauth.store;

import io.github.codexauth.CredentialId;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A store in which jobs stand in one line for any of several credentials, so that a pool of them costs no more than
 * one.
 *
 * <p>Implementations may be used by several threads.
 */
public interface QueueingStore extends CredentialStore {
    /**
     * Takes the exclusive right to the first of some credentials that is, or becomes, free. Whoever came first is
     * served first, as far as others that are free allow it.
     *
     * @param ids at least one
     * @param wait how long to wait; zero tries once
     * @param onBusy told who has one of them, when the waiting begins
     * @throws CredentialBusyException if none became free in time
     * @throws StoreUnavailableException if the store does not answer or must not be used as it is
     * @throws InterruptedException if the thread is interrupted while waiting; nothing is then held
     */
    Lease acquireAny(List<CredentialId> ids, Holder holder, Duration wait, BiConsumer<CredentialId, Occupancy> onBusy)
            throws StoreException, CredentialBusyException, InterruptedException;
}
