package io.github.codexauth.store;

/** The outcome of a compare-and-swap. */
public enum SaveResult {
    /** The record is durable and is now the current generation. */
    SAVED,
    /**
     * As {@link #SAVED}, though the lease had ended: a store that knows what a save replaces takes the next state of a
     * login from whoever has it, since nobody else can. Another job may have used the login meanwhile.
     */
    SAVED_LATE,
    /** Somebody stored another generation meanwhile. Theirs is untouched, ours is not stored. */
    CONFLICT,
    /** The lease is no longer ours, so nothing was stored. */
    LEASE_LOST;

    /** Whether the record is the current generation now. */
    public boolean isSaved() {
        return this == SAVED || this == SAVED_LATE;
    }
}
