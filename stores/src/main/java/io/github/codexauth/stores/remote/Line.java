package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where those stand who want a credential: whoever came first is served first. */
public interface Line {
    /**
     * Somebody who comes. Nothing is asked of the server yet.
     *
     * @param wait how long he stays; zero if he does not wait
     */
    Waiting enter(List<CredentialId> ids, Holder holder, Duration wait);

    /** How many wait for a credential now, whatever else they would take. */
    int waiters(CredentialId id) throws StoreUnavailableException;

    /** A credential was given back: wakes the next, where that can be done. Who is not woken looks by himself. */
    void ring(CredentialId id);

    /** Somebody who wants one of some credentials. For use by one thread. */
    interface Waiting {
        /**
         * Takes one if it is his turn; else gets himself a place, if he has none, and looks once more.
         *
         * @throws InterruptedException if he was interrupted; nothing is then held
         */
        Look look() throws StoreUnavailableException, InterruptedException;

        /** Whether there may be a place for him: he outlasts a restart of the server then. */
        boolean isInLine();

        /** Until it is worth looking again, at most for what is left. */
        void rest(Duration left) throws InterruptedException;

        /** Gives his place up. Tries once, since places end by themselves. */
        void leave();
    }

    /**
     * What a look has shown.
     *
     * @param ours what has become ours; empty if it was not his turn
     * @param busy somebody who has one of them; empty if nobody has, or he is too far back to have looked
     */
    record Look(Optional<OurLease> ours, Optional<Busy> busy) {}

    /** Somebody who has a credential. */
    record Busy(CredentialId id, Occupancy occupancy) {}
}
