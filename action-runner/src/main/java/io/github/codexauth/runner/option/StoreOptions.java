package io.github.codexauth.runner.option;

import io.github.codexauth.CodexAuth;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SecretText;
import io.github.codexauth.UsageException;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.input.SecretLimits;
import io.github.codexauth.runner.input.SecretSource;
import io.github.codexauth.runner.input.UnreadableInputException;
import io.github.codexauth.runner.storage.ContainerFolders;
import io.github.codexauth.runner.storage.OwnFolders;
import io.github.codexauth.runner.storage.PasswordCommand;
import io.github.codexauth.runner.storage.StateFolder;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.runner.storage.StoreTypes;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.InvalidEncryptionKeyException;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.NamedStore;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.PreparedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where logins are kept, and how they are protected there. */
public final class StoreOptions {
    /** In the order in which help shows them. */
    public static final List<Option> ALL = List.of(
            Options.STORE,
            Options.STORE_PASSWORD_FILE,
            Options.STORE_PASSWORD_COMMAND,
            Options.HOMES,
            Options.AGE_RECIPIENT,
            Options.AGE_IDENTITY_FILE);

    /** A cloud's command answers within a second or two. */
    private static final Duration PASSWORD_LIMIT = Duration.ofSeconds(10);

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
        return open(named(state()));
    }

    /** Opens another store, whose address was typed somewhere else than the usual one's. */
    public Storage open(String address, ValueOption<SecretSource> passwordFile, ValueOption<String> passwordCommand)
            throws CodexAuthException {
        return open(StoreTypes.at(Optional.of(address), state().folder(), password(passwordFile, passwordCommand)));
    }

    private Storage open(NamedStore named) throws CodexAuthException {
        OwnFolders own = OwnFolders.of(process.environment());
        StateFolder state = state();
        if (own.inImage() && named.folder().isPresent()) {
            ContainerFolders.requireLasting(named.folder().get());
        }
        Storage storage = Storage.open(named, state, own, process.clock());
        Optional<Path> elsewhere = Options.HOMES.in(inputs);
        return elsewhere.isPresent() ? storage.withHomes(elsewhere.get(), own) : storage;
    }

    private StateFolder state() throws UsageException {
        return StateFolder.of(process.environment(), process.machine().userHome());
    }

    /**
     * The store that was named, as its operator prepares it.
     *
     * @throws UsageException if it is one that needs no preparation
     */
    public PreparedStore prepared() throws CodexAuthException {
        if (named(state()) instanceof PreparedStore prepared) {
            return prepared;
        }
        throw new UsageException(
                "this store needs no preparation",
                "only one on a server does: postgresql://USER@HOST/DATABASE, k8s://NAMESPACE/PREFIX or"
                        + " vault://MOUNT/PREFIX");
    }

    /** What is unsafe about the way to the store, or makes it slow. */
    public List<PreparedStore.Weakness> weaknesses() throws CodexAuthException {
        return named(state()) instanceof PreparedStore prepared ? prepared.weaknesses() : List.of();
    }

    private NamedStore named(StateFolder state) throws CodexAuthException {
        return StoreTypes.at(
                Options.STORE.in(inputs),
                state.folder(),
                password(Options.STORE_PASSWORD_FILE, Options.STORE_PASSWORD_COMMAND));
    }

    private PasswordSource password(ValueOption<SecretSource> file, ValueOption<String> shellCommand)
            throws CodexAuthException {
        Optional<SecretSource> given = file.in(inputs);
        if (given.isPresent()) {
            return () -> readPassword(given.get());
        }
        Optional<String> command = shellCommand.in(inputs);
        return command.isEmpty()
                ? PasswordSource.NONE
                : new PasswordCommand(command.get(), withoutOurs(process.environment()), PASSWORD_LIMIT);
    }

    private static Optional<SecretText> readPassword(SecretSource given) throws StoreUnavailableException {
        try {
            // Whoever writes such a file by hand ends it with a line feed.
            String text = given.readText(SecretLimits.TOKEN).strip();
            if (!text.isEmpty()) {
                return Optional.of(SecretText.of(text));
            }
        } catch (UnreadableInputException e) {
            throw new StoreUnavailableException(e.problem(), e.hint());
        }
        throw new StoreUnavailableException(
                "the store's password (" + given.option() + ") is empty", "put it there, or leave the option out");
    }

    private static Map<String, String> withoutOurs(Map<String, String> environment) {
        Map<String, String> others = new HashMap<>(environment);
        others.keySet()
                .removeIf(name -> name.startsWith(Inputs.PREFIX) || CodexAuth.CREDENTIAL_VARIABLES.contains(name));
        return others;
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

    /**
     * The files with the age identity and the store's password or token: no business of the commands that the model
     * runs.
     */
    public List<Path> secretFiles() throws CodexAuthException {
        List<Path> files = new ArrayList<>();
        files.addAll(SecretSource.files(Options.AGE_IDENTITY_FILE.in(inputs)));
        files.addAll(SecretSource.files(Options.STORE_PASSWORD_FILE.in(inputs)));
        files.addAll(named(state()).secretFiles());
        return files;
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
