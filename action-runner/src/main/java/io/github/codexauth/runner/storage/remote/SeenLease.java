package io.github.codexauth.runner.storage.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.Occupancy;
import java.time.Instant;
import java.util.Optional;

/** A credential's lease as it was seen. All times are the server's. */
public interface SeenLease {
    CredentialId id();

    /** Another one whenever it changes. */
    String version();

    /** Whether a living process has it, or had it when it died. */
    boolean isOwned();

    /** From when on it was free, if nothing happens; in the future as long as somebody has it. */
    Instant freeFrom();

    /** When the access token of the login that was there last ends. */
    Optional<Instant> expires();

    /** Empty if nobody has it. */
    Optional<Occupancy> occupancy();

    /** When it was seen. */
    Instant now();

    default boolean isFree() {
        return !freeFrom().isAfter(now());
    }
}
