package io.github.codexauth.store;

import java.time.Duration;

/** What the holder of a lease knows of it. */
public sealed interface LeaseState {
    /** Of a lease that ends with its process and not before. */
    Held FOR_LIFE = new Held(Duration.ofSeconds(Long.MAX_VALUE));

    /** Whether nobody else can have the credential now. */
    default boolean isHeld() {
        return this instanceof Held;
    }

    /** Whether nobody else can have the credential before that much time has passed. */
    default boolean lasts(Duration time) {
        return this instanceof Held held && held.sureFor().compareTo(time) >= 0;
    }

    /**
     * Nobody else can have the credential.
     *
     * @param sureFor for how long that is certain, should the store not answer any more
     */
    record Held(Duration sureFor) implements LeaseState {}

    /**
     * The store has not confirmed the lease for so long that somebody else may have the credential. It is still tried.
     */
    record Doubtful() implements LeaseState {}

    /** It has ended. */
    record Lost() implements LeaseState {}
}
