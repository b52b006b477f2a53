package io.github.codexauth.runner.storage;

import io.github.codexauth.runner.oidc.UsedTokens;
import io.github.codexauth.session.RescueArea;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.FileCredentialStore;
import io.github.codexauth.store.StoreException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * A store, opened, and what this machine keeps for it.
 *
 * @param store the store
 * @param homes where private homes are made: on the store's own file system, so that what is proven of one holds for the other
 * @param rescue where logins go that the store does not take: always in the user's own state folder, since a store on
 *     another disk may be what fails
 * @param usedTokens where it is remembered which signed tokens opened a credential of this store
 * @param privateFolders what no command that the model runs may read
 */
public record Storage(
        CredentialStore store, Path homes, RescueArea rescue, UsedTokens usedTokens, List<Path> privateFolders) {
    /** Opens the store at an address. */
    public static Storage open(StoreAddress address, StateFolder state, Clock clock) throws StoreException {
        FileCredentialStore store = address instanceof StoreAddress.Folder folder
                ? FileCredentialStore.openIn(folder.path(), clock)
                : FileCredentialStore.createIn(state.folder(), clock);
        return new Storage(
                store,
                store.folder().resolve("homes"),
                new RescueArea(state.rescue()),
                new UsedTokens(store.folder().resolve("used-tokens"), clock),
                List.of(store.folder(), state.rescue()));
    }

    /** The same with homes elsewhere. */
    public Storage withHomes(Path elsewhere) {
        return new Storage(store, elsewhere, rescue, usedTokens, privateFolders);
    }
}
