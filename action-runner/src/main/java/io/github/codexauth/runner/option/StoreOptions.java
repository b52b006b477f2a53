package io.github.codexauth.runner.option;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SecretText;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.input.SecretLimits;
import io.github.codexauth.runner.input.SecretSource;
import io.github.codexauth.runner.input.UsageException;
import io.github.codexauth.runner.storage.ContainerFolders;
import io.github.codexauth.runner.storage.NamedStore;
import io.github.codexauth.runner.storage.OwnFolders;
import io.github.codexauth.runner.storage.StateFolder;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.runner.storage.StoreTypes;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.InvalidEncryptionKeyException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where logins are kept, and how they are protected there. */
public final class StoreOptions {
    /** In the order in which help shows them. */
    public static final List<Option> ALL =
            List.of(Options.STORE, Options.HOMES, Options.AGE_RECIPIENT, Options.AGE_IDENTITY_FILE);

    private final ProcessContext process;
    private final Inputs inputs;

    public StoreOptions(ProcessContext process, Inputs inputs) {
        this.process = process;
        this.inputs = inputs;
    }

    /**
     * The credential that was named, for a command that needs one.
     *
     * @throws UsageException if none was
     */
    public CredentialId requireId() throws CodexAuthException {
        return Options.ID
                .in(inputs)
                .orElseThrow(() -> new UsageException(
                        "no credential was named", "add --id NAME; what there is shows: codex-auth status"));
    }

    /** Where the store and what lies beside it would be, whether or not it can be opened. */
    public Path folder() throws CodexAuthException {
        StateFolder state = state();
        return named(state).folder().orElse(state.folder());
    }

    /** Opens the store. */
    public Storage open() throws CodexAuthException {
        OwnFolders own = OwnFolders.of(process.environment());
        StateFolder state = state();
        NamedStore named = named(state);
        if (own.inImage()) {
            ContainerFolders.requireLasting(named.folder().orElse(state.folder()));
        }
        Storage storage = Storage.open(named, state, own, process.clock());
        Optional<Path> elsewhere = Options.HOMES.in(inputs);
        return elsewhere.isPresent() ? storage.withHomes(elsewhere.get(), own) : storage;
    }

    private StateFolder state() throws UsageException {
        return StateFolder.of(process.environment(), process.machine().userHome());
    }

    private NamedStore named(StateFolder state) throws CodexAuthException {
        return StoreTypes.at(Options.STORE.in(inputs), state.folder());
    }

    /** How what is stored is encrypted. */
    public AtRest atRest() throws CodexAuthException {
        Optional<String> recipient = Options.AGE_RECIPIENT.in(inputs);
        Optional<SecretSource> identity = Options.AGE_IDENTITY_FILE.in(inputs);
        if (recipient.isEmpty() && identity.isEmpty()) {
            return AtRest.unencrypted();
        }
        return AtRest.age(recipient, identity.isEmpty() ? Optional.empty() : Optional.of(read(identity.get())));
    }

    /** The file with the age identity, which the commands that the model runs have no business with. */
    public Optional<Path> identityFile() throws CodexAuthException {
        return Options.AGE_IDENTITY_FILE.in(inputs).flatMap(SecretSource::file);
    }

    private static SecretText read(SecretSource identity) throws CodexAuthException {
        String text = identity.readText(SecretLimits.TOKEN);
        if (text.isBlank()) {
            throw new InvalidEncryptionKeyException(
                    "the age identity (" + identity.option() + ") is empty", "make one with: codex-auth keygen");
        }
        return SecretText.of(text);
    }
}
