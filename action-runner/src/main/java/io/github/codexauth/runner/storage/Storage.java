package io.github.codexauth.runner.storage;

import io.github.codexauth.home.HomeException;
import io.github.codexauth.home.SecretPlace;
import io.github.codexauth.login.RescueArea;
import io.github.codexauth.runner.oidc.UsedTokens;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.stores.NamedStore;
import io.github.codexauth.stores.OpenedStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * A store, opened, and what this machine keeps for it.
 *
 * @param store the store
 * @param isOnThisMachine whether it lies on a disk of this machine
 * @param encrypts whether its disks and back-ups give nothing away by themselves
 * @param homes where private homes are made: on the store's own file system, so that what is proven of one holds for
 *     the other
 * @param rescue where logins go that the store does not take: in the user's own state folder, since a store on another
 *     disk may be what fails; or beside the stored login, where the store can do that
 * @param usedTokens where it is remembered which signed tokens opened a credential of this store
 * @param privateFolders what no command that the model runs may read
 * @param secretFolders of these, the ones with nothing but logins in them
 */
public record Storage(
        CredentialStore store,
        boolean isOnThisMachine,
        boolean encrypts,
        Path homes,
        RescueArea rescue,
        UsedTokens usedTokens,
        List<Path> privateFolders,
        List<SecretPlace> secretFolders) {
    public Storage {
        privateFolders = List.copyOf(privateFolders);
        secretFolders = List.copyOf(secretFolders);
    }

    /**
     * Opens a store.
     *
     * @param state keeps the rescue copies, and everything else where the store lies on no disk of this machine
     * @throws StoreException if it is not usable, or others rule a folder on the way to it or to the rescue copies
     */
    public static Storage open(NamedStore named, StateFolder state, OwnFolders own, Clock clock) throws StoreException {
        own.requireStore(named.folder().orElse(state.folder()));
        own.requireRescue(state.rescue());
        OpenedStore opened = named.open(clock);
        Path folder = opened.folder().orElse(state.folder());
        List<SecretPlace> secrets = new ArrayList<>(opened.logins());
        secrets.add(SecretPlace.at(state.rescue()));
        return new Storage(
                opened.store(),
                opened.folder().isPresent(),
                opened.encrypts(),
                folder.resolve("homes"),
                RescueArea.of(state.rescue(), opened.store()),
                new UsedTokens(folder.resolve("used-tokens"), clock),
                List.of(folder, state.rescue()),
                secrets);
    }

    /** Every place in which a login lies, as an administrator can deny it to the model's commands. */
    public List<SecretPlace> secretPlaces() {
        List<SecretPlace> all = new ArrayList<>(secretFolders);
        all.add(SecretPlace.inHomesOf(homes));
        return all;
    }

    /**
     * The same with homes elsewhere.
     *
     * @throws HomeException if others rule a folder on the way there
     */
    public Storage withHomes(Path elsewhere, OwnFolders own) throws HomeException {
        own.requireHomes(elsewhere);
        return new Storage(
                store, isOnThisMachine, encrypts, elsewhere, rescue, usedTokens, privateFolders, secretFolders);
    }
}
