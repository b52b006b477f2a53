package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Keep;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import java.util.List;
import java.util.Optional;

/** The logins of a store, each with the one before it. What each of these promises is said at {@code Lease}. */
public interface Logins {
    /** Every credential that has a login, in order of their names. */
    List<CredentialId> list() throws StoreException;

    /** The current login as whoever answers knows it, for showing it; empty if there is none. */
    Optional<CredentialRecord> look(CredentialId id) throws StoreException;

    /** The current login, and no older one; empty if there is none. */
    Optional<CredentialRecord> load(CredentialId id) throws StoreException;

    /** The login before the current one; empty if there is none that can be read. */
    Optional<CredentialRecord> previous(CredentialId id) throws StoreException;

    /** @return whether there was something to set aside */
    boolean setDamagedAside(CredentialId id) throws StoreException;

    /**
     * Saves a login where the expected one is, whoever has the lease by now.
     *
     * @return {@link SaveResult#SAVED_LATE} if the lease is not ours any more
     */
    SaveResult save(Turn turn, Revision expected, CredentialRecord record, Keep keep) throws StoreException;

    /**
     * Notes something about the current login, if it is the expected one.
     *
     * @return {@link SaveResult#LEASE_LOST} if the lease is not ours any more
     */
    SaveResult note(Turn turn, Revision expected, Health health) throws StoreException;

    /** Proves that a login could be saved; @return the current one. */
    Optional<CredentialRecord> proveWritable(CredentialId id) throws StoreException;
}
