package io.github.codexauth.store;

/** The outcome of a compare-and-swap. */
public enum SaveResult {
    /** The record is durable and is now the current generation. */
    SAVED,
    /** Somebody stored another generation meanwhile. Theirs is untouched, ours is not stored. */
    CONFLICT,
    /** The lease is no longer ours, so nothing was stored. */
    LEASE_LOST
}
