package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.github.codexauth.home.ScratchHomes;
import io.github.codexauth.login.Seed;
import io.github.codexauth.login.Upkeep;
import io.github.codexauth.runner.codex.DeviceLogin;
import io.github.codexauth.runner.console.Json;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.input.SecretSource;
import io.github.codexauth.runner.job.EndedBySignalException;
import io.github.codexauth.runner.option.Flag;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.StoreOptions;
import io.github.codexauth.runner.process.SignalHandlers;
import io.github.codexauth.runner.process.SignalInbox;
import io.github.codexauth.runner.storage.OwnFolders;
import io.github.codexauth.runner.storage.StateFolder;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Puts a first login into a store, or a new one. */
final class SeedCommand implements Subcommand {
    private static final Flag REPLACE =
            new Flag("--replace", "Also if the stored login is newer, of another account, or damaged.");

    private static final Flag DEVICE = new Flag(
            "--device", "Sign in now, by a code that is entered in a browser on any device, instead of --seed-file.");

    /** Nobody signs in twice because a job has the login for a moment. */
    private static final Duration WAIT_AFTER_SIGNING_IN = Duration.ofMinutes(2);

    private final ProcessContext process;

    SeedCommand(ProcessContext process) {
        this.process = process;
    }

    @Override
    public String name() {
        return "seed";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>();
        options.add(Options.ID);
        options.add(Options.SEED_FILE.described("The auth.json, as codex login wrote it."));
        options.add(DEVICE);
        options.add(REPLACE);
        options.addAll(StoreOptions.ALL);
        options.add(Options.WAIT);
        options.add(Options.JSON);
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Put a login into the store: a file that codex login wrote, or one that you sign in for now.")
                .footerHeading("%nExamples:%n")
                .footer(
                        "  codex-auth seed --id codex-ci --device",
                        "",
                        "  CODEX_HOME=$(mktemp -d) && export CODEX_HOME",
                        "  codex login -c 'cli_auth_credentials_store=\"file\"'",
                        "  codex-auth seed --id codex-ci --seed-file $CODEX_HOME/auth.json && rm -r $CODEX_HOME");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException, InterruptedException {
        StoreOptions options = new StoreOptions(process, inputs);
        CredentialId credential = options.requireId();
        Optional<SecretSource> file = Options.SEED_FILE.in(inputs);
        boolean device = DEVICE.isIn(inputs);
        if (device && file.isPresent()) {
            throw new UsageException(
                    "two logins were given: --device and " + file.get().option(), "keep one of them");
        }
        Optional<Seed> given = ManagedOpening.seed(file);
        if (!device && given.isEmpty()) {
            throw new UsageException(
                    "no login was given",
                    "add --device, to sign in now, or the file of a login: --seed-file auth.json");
        }
        OperatorWork work = new OperatorWork(process, "seed");
        AtRest atRest = options.atRest();
        Storage storage = options.open();
        Upkeep upkeep = work.upkeep(storage, atRest);
        boolean replace = REPLACE.isIn(inputs);
        Optional<Duration> wait = Options.WAIT.in(inputs);
        LeaseSource lease = patience -> work.acquire(storage, credential, wait.orElse(patience));
        Envelope stored = given.isPresent()
                ? store(given.get(), replace, upkeep, lease.take(Duration.ZERO))
                : signInAndStore(credential, replace, upkeep, lease);
        if (Options.JSON.isIn(inputs)) {
            Json.print(process.out(), LoginJson.of(stored));
        }
        if (!device) {
            Console.messages(process)
                    .say(
                            "keep no other copy of this auth.json in use: its refresh token works once, and the store has it now");
        }
        return ExitCode.OK.number();
    }

    /** A lease on the credential, for which somebody who did not say how long waits so long. */
    @FunctionalInterface
    private interface LeaseSource {
        Lease take(Duration patience) throws CodexAuthException, InterruptedException;
    }

    /** Nobody signs in for a store that would not take the login, and a login that it does not take is kept. */
    private Envelope signInAndStore(CredentialId credential, boolean replace, Upkeep upkeep, LeaseSource leases)
            throws CodexAuthException, InterruptedException {
        try (Lease lease = leases.take(Duration.ZERO)) {
            upkeep.requireRoomForSeed(lease, replace);
        }
        SignalInbox signals = new SignalInbox();
        SignalHandlers.install(signals);
        Seed seed = signIn(signals);
        try {
            Lease turn = signals.interruptWhile(() -> leases.take(WAIT_AFTER_SIGNING_IN));
            return store(seed, replace, upkeep, turn);
        } catch (CodexAuthException notStored) {
            upkeep.putAside(credential, seed, notStored.problem());
            throw notStored;
        } catch (InterruptedException signalled) {
            EndedBySignalException ended =
                    new EndedBySignalException(signals.first().orElseThrow(() -> signalled));
            upkeep.putAside(credential, seed, ended.problem());
            throw ended;
        }
    }

    private static Envelope store(Seed seed, boolean replace, Upkeep upkeep, Lease turn) throws CodexAuthException {
        try (Lease lease = turn) {
            return replace ? upkeep.replace(lease, seed) : upkeep.seed(lease, seed);
        }
    }

    private Seed signIn(SignalInbox signals) throws CodexAuthException, InterruptedException {
        Path homes = StateFolder.of(process.environment(), process.machine().userHome())
                .scratchHomes();
        OwnFolders.of(process.environment()).requireScratchHomes(homes);
        return new DeviceLogin(process.environment(), new ScratchHomes(homes), signals, process.err()).signIn();
    }
}
