package io.github.codexauth.runner.storage.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.StoreUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** The line of those who wait, and the bell that wakes the next of them when a credential is given back. */
public interface WaitingLine {
    /** Who waits, in order. */
    Tickets tickets() throws StoreUnavailableException;

    /**
     * Joins at the end, unless the line is too long, or so many come at once that it takes a while: whoever has no
     * ticket then asks again.
     *
     * @throws StoreUnavailableException if the server refuses it
     */
    void join(String word, Collection<CredentialId> ids, Duration wait) throws StoreUnavailableException;

    /** Leaves, and takes those along who did not come when it was their turn. */
    void leave(Set<String> words) throws StoreUnavailableException;

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
}
