package io.github.codexauth.store;

import io.github.codexauth.CredentialId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * A place that keeps managed logins and gives each to one holder at a time, across processes and machines.
 *
 * <p>Implementations may be used by several threads. {@code CredentialStoreContract} in the test-jar says what each of
 * them has to do.
 */
public interface CredentialStore {
    /** Where this store is, for messages: the address without any password. */
    String address();

    /**
     * Takes the exclusive right to a credential, whether or not anything is stored under its id yet.
     *
     * @param wait how long to wait for another holder; zero tries once
     * @param onBusy told who has it, when the waiting begins and whenever that changes
     * @throws CredentialBusyException if somebody else still has it at the end
     * @throws StoreUnavailableException if the store does not answer or must not be used as it is
     * @throws InterruptedException if the thread is interrupted while waiting; nothing is then held
     */
    Lease acquire(CredentialId id, Holder holder, Duration wait, Consumer<Occupancy> onBusy)
            throws StoreException, CredentialBusyException, InterruptedException;

    /** Every credential that has a record, in order of their names. */
    List<CredentialId> list() throws StoreException;

    /** The names of what lies among the credentials and is none: passed over everywhere. */
    default List<String> strangers() throws StoreException {
        return List.of();
    }

    /** The current generation's envelope, read without a lease; empty if nothing is stored. */
    Optional<Envelope> peek(CredentialId id) throws StoreException;

    /** Who has a credential now; empty if nobody. Only a snapshot. */
    Optional<Occupancy> occupancy(CredentialId id) throws StoreException;

    /**
     * How many wait for a credential now; empty if this store cannot tell. Whoever waits for any of several counts for
     * each. Only a snapshot.
     */
    default OptionalInt waiters(CredentialId id) throws StoreException {
        return OptionalInt.empty();
    }
}
