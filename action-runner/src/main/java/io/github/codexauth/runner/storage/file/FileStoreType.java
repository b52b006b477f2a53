package io.github.codexauth.runner.storage.file;

import io.github.codexauth.PathText;
import io.github.codexauth.UsageException;
import io.github.codexauth.home.SecretPlace;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.file.FileCredentialStore;
import io.github.codexauth.stores.NamedStore;
import io.github.codexauth.stores.OpenedStore;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.StoreType;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Stores on a disk: {@code file:/var/lib/codex-auth}. */
public final class FileStoreType implements StoreType {
    @Override
    public String scheme() {
        return "file";
    }

    @Override
    public String example() {
        return "file:/var/lib/codex-auth";
    }

    /** A folder that has to exist: a typing error must not become a new, empty store. */
    @Override
    public NamedStore at(String rest, PasswordSource password) throws UsageException {
        String path = rest.startsWith("///") ? rest.substring(2) : rest;
        if (!path.startsWith("/") || path.startsWith("//")) {
            throw new UsageException(
                    "--store file: needs the absolute path of a folder",
                    "write it with one slash: --store " + example());
        }
        return new Folder(PathText.parse(path, "--store"), false);
    }

    /** The store of whoever names none, made when it is first needed. */
    public static NamedStore inStateFolder(Path folder) {
        return new Folder(folder, true);
    }

    /** @param make whether it is made where it is missing */
    private record Folder(Path path, boolean make) implements NamedStore {
        @Override
        public Optional<Path> folder() {
            return Optional.of(path);
        }

        @Override
        public OpenedStore open(Clock clock) throws StoreException {
            FileCredentialStore store =
                    make ? FileCredentialStore.createIn(path, clock) : FileCredentialStore.openIn(path, clock);
            return new OpenedStore(
                    store,
                    Optional.of(store.folder()),
                    List.of(SecretPlace.at(store.folder().resolve("credentials"))));
        }
    }
}
