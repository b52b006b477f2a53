package io.github.codexauth.store;

import io.github.codexauth.CredentialId;
import java.util.List;

/**
 * A store that keeps logins beside a stored one, for a person to decide: what no store took would otherwise be lost
 * with the machine that it was found on.
 *
 * <p>Nobody needs a lease for it, since none of them is ever the current login, or the one before. Implementations may
 * be used by several threads. {@code AsideStoreContract} in the test-jar says what each of them has to do.
 */
public interface AsideStore extends CredentialStore {
    /** How many lie beside one login at the most: whoever could add more could fill the store. */
    int MOST = 6;

    /** The longest, as {@link RecordFormat} writes it, in bytes; one of Codex has some ten thousand. */
    int LONGEST = 32 * 1024;

    /**
     * Keeps a login beside the stored one, durably. Does nothing if it is there already.
     *
     * @throws StoreUnavailableException if it is not kept: there are {@link #MOST} already, it is longer than
     *     {@link #LONGEST}, nothing is stored that it could lie beside, or the store does not answer
     */
    void putAside(StrayRecord stray) throws StoreException;

    /**
     * What lies beside a login and can be read, oldest first.
     *
     * @throws StoreUnavailableException if the store does not answer
     */
    List<StrayRecord> aside(CredentialId id) throws StoreException;

    /**
     * Takes one away that is stored by now, or that nobody wants. Does nothing if it is not there.
     *
     * @throws StoreUnavailableException if the store does not answer, or does not let us
     */
    void removeAside(StrayRecord stray) throws StoreException;
}
