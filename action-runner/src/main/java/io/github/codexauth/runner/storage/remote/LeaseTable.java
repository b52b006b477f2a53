package io.github.codexauth.runner.storage.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.StoreUnavailableException;
import java.util.List;
import java.util.Optional;

/** Who has which credential of a store. */
public interface LeaseTable {
    LeaseTimes times();

    /** The leases of some credentials, in their order; those that nobody ever had are free. */
    List<? extends SeenLease> look(List<CredentialId> ids) throws StoreUnavailableException;

    /**
     * Takes a credential. What an owner has already it gets again, so that this may be done twice.
     *
     * @param ended the version of one that ended though it does not say so: its holder renews it no more
     * @return empty if somebody else has it
     */
    Optional<OurLease> acquire(CredentialId id, String owner, Holder holder, Optional<String> ended)
            throws StoreUnavailableException;
}
