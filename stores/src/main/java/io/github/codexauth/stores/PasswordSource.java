package io.github.codexauth.stores;

import io.github.codexauth.SecretText;
import io.github.codexauth.store.StoreUnavailableException;
import java.util.Optional;

/**
 * Where a store's password comes from. Asked for every connection anew, since passwords of minutes are the best ones.
 */
@FunctionalInterface
public interface PasswordSource {
    /** Of a store that needs none, as with a client certificate. */
    PasswordSource NONE = Optional::empty;

    /**
     * The password as it is now; empty if none was given.
     *
     * @throws StoreUnavailableException if it cannot be had; the message does not quote it
     */
    Optional<SecretText> read() throws StoreUnavailableException;
}
