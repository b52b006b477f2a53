package io.github.codexauth.runner.storage;

import io.github.codexauth.UsageException;
import io.github.codexauth.runner.storage.file.FileStoreType;
import io.github.codexauth.stores.NamedStore;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.ServerStoreTypes;
import io.github.codexauth.stores.StoreType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The kinds of stores that there are: the one on a disk, and those on servers. */
public final class StoreTypes {
    private static final StoreType ON_DISK = new FileStoreType();

    private StoreTypes() {}

    /**
     * The store that {@code --store} names.
     *
     * @param address empty for the folder in this user's state folder
     * @param state that folder
     * @param password for a store that asks for one
     * @throws UsageException if this version knows no such store; the message quotes no address, which may hold a
     *     password
     */
    public static NamedStore at(Optional<String> address, Path state, PasswordSource password) throws UsageException {
        if (address.isEmpty()) {
            return FileStoreType.inStateFolder(state);
        }
        String text = address.get();
        if (ON_DISK.has(text)) {
            return ON_DISK.at(ON_DISK.rest(text), password);
        }
        Optional<NamedStore> onServer = ServerStoreTypes.at(text, password);
        if (onServer.isPresent()) {
            return onServer.get();
        }
        List<String> examples = new ArrayList<>(List.of(ON_DISK.example()));
        examples.addAll(ServerStoreTypes.examples());
        throw new UsageException(
                "--store names a kind of store that this version does not have",
                "use one of these: --store " + String.join(", --store ", examples));
    }
}
