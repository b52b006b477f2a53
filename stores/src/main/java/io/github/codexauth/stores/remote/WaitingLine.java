package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.Tickets.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** Tickets that lie on a server, and the bell that wakes the next of those who wait when a credential is given back. */
public interface WaitingLine {
    /** What becomes of the tickets. */
    @FunctionalInterface
    interface Change {
        /** @param now by the server's clock */
        Tickets of(Tickets tickets, Instant now);
    }

    /** Who waits, in order, as whoever answers knows it. */
    Tickets tickets() throws StoreUnavailableException;

    /** Changes the tickets, again and again until it is done; gives up when a call is not answered. */
    Tickets changeOnce(Change change) throws Failure;

    /** A credential was given back: wakes the next who want it, if there are any. Tries once. */
    void ring(CredentialId id);

    /** The bell as it is, before a look: what rings from then on is not missed. Empty if it cannot be heard. */
    Optional<String> bell() throws StoreUnavailableException;

    /**
     * Waits until the bell rings for somebody, or a while.
     *
     * @param since the bell before the last look
     * @param withBell how long where it can be heard
     * @param without how long where it cannot
     */
    void awaitBell(String word, Optional<String> since, Duration withBell, Duration without)
            throws InterruptedException;

    /**
     * Joins at the end, unless the line is too long, or so many come at once that it takes a while: whoever has no
     * ticket then asks again.
     *
     * @throws StoreUnavailableException if the server refuses it
     */
    default void join(String word, Collection<CredentialId> ids, Duration wait) throws StoreUnavailableException {
        try {
            changeOnce((tickets, now) -> tickets.has(word) || tickets.isFull()
                    ? tickets
                    : tickets.with(new Ticket(word, ids, now.plus(wait).plusSeconds(1))));
        } catch (Failure failure) {
            if (failure.kind() == Failure.Kind.REFUSED) {
                throw failure.told();
            }
        }
    }

    /** Leaves, and takes those along who did not come when it was their turn. */
    default void leave(Set<String> words) throws StoreUnavailableException {
        Attempts.repeat(() -> changeOnce((tickets, now) -> tickets.without(words)));
    }
}
