package io.github.codexauth.runner.storage;

import io.github.codexauth.runner.input.PathText;
import io.github.codexauth.runner.input.UsageException;
import java.nio.file.Path;
import java.util.Optional;

/** The value of {@code --store}. */
public sealed interface StoreAddress {
    /** The folder in this user's state folder, made when it is first needed. */
    record UserState() implements StoreAddress {}

    /** A folder that has to exist: a typing error must not become a new, empty store. */
    record Folder(Path path) implements StoreAddress {}

    /**
     * Reads an address.
     *
     * @param text empty for the default
     * @throws UsageException if this version knows no such store; the message quotes no address, which may hold a password
     */
    static StoreAddress parse(Optional<String> text) throws UsageException {
        if (text.isEmpty()) {
            return new UserState();
        }
        String address = text.get();
        if (!address.startsWith("file:")) {
            throw new UsageException(
                    "--store names a kind of store that this version does not have",
                    "use a folder of this machine or a mounted volume: --store file:/var/lib/codex-auth");
        }
        String path = address.substring("file:".length());
        if (path.startsWith("///")) {
            path = path.substring(2);
        }
        if (!path.startsWith("/") || path.startsWith("//")) {
            throw new UsageException(
                    "--store file: needs the absolute path of a folder",
                    "write it with one slash: --store file:/var/lib/codex-auth");
        }
        return new Folder(PathText.parse(path, "--store"));
    }
}
