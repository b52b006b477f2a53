package io.github.codexauth.stores;

import io.github.codexauth.home.SecretPlace;
import io.github.codexauth.store.CredentialStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A store, opened. What it can do besides keeping logins its own type says.
 *
 * @param store the store
 * @param folder the folder of this machine that it lies in, by its real path; empty for a store elsewhere
 * @param logins where in that folder logins lie
 * @param encrypts whether its disks and back-ups give nothing away by themselves
 */
public record OpenedStore(CredentialStore store, Optional<Path> folder, List<SecretPlace> logins, boolean encrypts) {
    public OpenedStore {
        logins = List.copyOf(logins);
    }

    /** One that keeps what it is given as it is. */
    public OpenedStore(CredentialStore store, Optional<Path> folder, List<SecretPlace> logins) {
        this(store, folder, logins, false);
    }
}
