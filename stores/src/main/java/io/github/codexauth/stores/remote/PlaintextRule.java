package io.github.codexauth.stores.remote;

import io.github.codexauth.store.Encryption;
import io.github.codexauth.store.StoreUnavailableException;

/**
 * Whether logins may lie unencrypted on a server. Whoever may read it, or a back-up of it, is somebody else than who
 * may use the logins.
 *
 * @param where the store, for messages
 * @param readers who could then use them, for messages
 * @param allowed whether the store's address says so
 */
public record PlaintextRule(String where, String readers, boolean allowed) {
    /** Of a server that encrypts what it stores by itself. */
    public static PlaintextRule needless(String where) {
        return new PlaintextRule(where, "it", true);
    }

    /** @throws StoreUnavailableException if a login with that protection must not be put there */
    public void require(Encryption encryption) throws StoreUnavailableException {
        if (encryption == Encryption.NONE && !allowed) {
            throw new StoreUnavailableException(
                    "the login would lie unencrypted in " + where,
                    "encrypt it: codex-auth keygen --output identity.txt, then --age-recipient and --age-identity-file;"
                            + " or, if everybody who can read " + readers + " may use it: ?plaintext=allowed");
        }
    }
}
