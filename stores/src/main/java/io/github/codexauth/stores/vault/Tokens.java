package io.github.codexauth.stores.vault;

import io.github.codexauth.SecretText;
import io.github.codexauth.stores.remote.Failure;
import java.util.Optional;

/** The token that we are known by at the server. Safe for use by several threads. */
interface Tokens {
    /**
     * The token for the next call.
     *
     * @throws Failure if there is none
     */
    SecretText now() throws Failure;

    /**
     * Another one, after the server refused this one.
     *
     * @return empty if there is no other
     * @throws Failure if it cannot be had
     */
    Optional<SecretText> instead(SecretText refused) throws Failure;
}
