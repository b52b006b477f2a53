package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.SecretText;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SecretLimits;
import io.github.codexauth.runner.input.SecretSource;
import io.github.codexauth.runner.storage.ContainerFolders;
import io.github.codexauth.runner.storage.NamedStore;
import io.github.codexauth.runner.storage.OwnFolders;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.runner.storage.StoreTypes;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.InvalidEncryptionKeyException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where logins are kept, and how they are protected there. */
final class StoreOptions {
    private final Opt<String> store = Opt.text(
            "--store",
            "ADDRESS",
            "Where logins are kept, such as file:/var/lib/codex-auth;"
                    + " default: file:$XDG_STATE_HOME/codex-auth. [CODEX_AUTH_STORE]");

    private final Opt<Path> homes = Opt.path(
            "--homes",
            "FOLDER",
            "Where private homes are made; default: in the store's folder, so that the next job finds what a killed one"
                    + " left. [CODEX_AUTH_HOMES]");

    private final Opt<String> ageRecipient = Opt.text(
            "--age-recipient", "age1…", "Encrypt what is stored to this age recipient. [CODEX_AUTH_AGE_RECIPIENT]");

    private final Opt<Path> ageIdentityFile = Opt.path(
            "--age-identity-file",
            "FILE",
            "The age identity that opens it." + " [CODEX_AUTH_AGE_IDENTITY, CODEX_AUTH_AGE_IDENTITY_FILE]");

    private NamedStore named(Surroundings here) throws CodexAuthException {
        return StoreTypes.at(
                here.inputs().text(store.value(), "STORE"), here.stateFolder().folder());
    }

    /** Where the store and what lies beside it would be, whether or not it can be opened. */
    Path folder(Surroundings here) throws CodexAuthException {
        return named(here).folder().orElse(here.stateFolder().folder());
    }

    Storage open(Surroundings here) throws CodexAuthException {
        OwnFolders own = here.ownFolders();
        NamedStore named = named(here);
        if (own.inImage()) {
            ContainerFolders.requireLasting(
                    named.folder().orElse(here.stateFolder().folder()));
        }
        Storage storage = Storage.open(named, here.stateFolder(), own, here.clock());
        Optional<Path> elsewhere = homes(here.inputs());
        return elsewhere.isPresent() ? storage.withHomes(elsewhere.get(), own) : storage;
    }

    /** Where homes are made, if not in the store's folder. */
    Optional<Path> homes(Inputs inputs) throws CodexAuthException {
        return inputs.path(homes.value(), "HOMES");
    }

    AtRest atRest(Inputs inputs) throws CodexAuthException {
        Optional<String> recipient = inputs.text(ageRecipient.value(), "AGE_RECIPIENT");
        Optional<SecretSource> identity = identity(inputs);
        if (recipient.isEmpty() && identity.isEmpty()) {
            return AtRest.unencrypted();
        }
        return AtRest.age(recipient, identity.isEmpty() ? Optional.empty() : Optional.of(read(identity.get())));
    }

    /** The file with the age identity, which the commands that the model runs have no business with. */
    Optional<Path> identityFile(Inputs inputs) throws CodexAuthException {
        return identity(inputs).flatMap(SecretSource::file);
    }

    private Optional<SecretSource> identity(Inputs inputs) throws CodexAuthException {
        return inputs.secret(ageIdentityFile.value(), "--age-identity-file", "AGE_IDENTITY");
    }

    private static SecretText read(SecretSource identity) throws CodexAuthException {
        String text = identity.readText(SecretLimits.TOKEN);
        if (text.isBlank()) {
            throw new InvalidEncryptionKeyException(
                    "the age identity (" + identity.option() + ") is empty", "make one with: codex-auth keygen");
        }
        return SecretText.of(text);
    }

    List<Opt<?>> options() {
        return List.of(store, homes, ageRecipient, ageIdentityFile);
    }
}
