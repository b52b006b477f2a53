package io.jenkins.plugins.codexauth.lease;

import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.StoreException;

/** Told what becomes of a turn, in another thread. */
public interface TurnListener {
    /** The login is ours, from now until the turn is released or its owner ends. */
    void granted();

    /**
     * Somebody else has it.
     *
     * @param place 1 for whoever is next
     */
    void waiting(Occupancy occupancy, int place);

    /** The turn could not be granted, because that could not be written down; it is not in the queue any more. */
    void failed(StoreException e);
}
