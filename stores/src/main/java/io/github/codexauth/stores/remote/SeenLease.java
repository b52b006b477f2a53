package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.Occupancy;
import java.time.Instant;
import java.util.Optional;

/**
 * A credential's lease as it was seen.
 *
 * @param version another one whenever it changes
 * @param now when, by the server's clock
 */
public record SeenLease(CredentialId id, LeaseRecord lease, String version, Instant now) {
    boolean isFree() {
        return lease.isFree(now);
    }

    /** Empty if nobody has it. */
    Optional<Occupancy> occupancy() {
        return lease.occupancy(now);
    }
}
