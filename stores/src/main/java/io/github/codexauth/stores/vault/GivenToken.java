package io.github.codexauth.stores.vault;

import io.github.codexauth.SecretText;
import io.github.codexauth.stores.remote.Failure;
import java.util.Optional;

/** A token that somebody else looks after. Read for every call. */
record GivenToken(Shown shown) implements Tokens {
    @Override
    public SecretText now() throws Failure {
        return shown.read();
    }

    @Override
    public Optional<SecretText> instead(SecretText refused) throws Failure {
        return Optional.of(shown.read()).filter(other -> !other.reveal().equals(refused.reveal()));
    }
}
