package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.login.Seed;
import io.github.codexauth.login.Upkeep;
import io.github.codexauth.runner.console.Json;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.input.UsageException;
import io.github.codexauth.runner.option.Flag;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.StoreOptions;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Puts a first login into a store, or a new one. */
final class SeedCommand implements Subcommand {
    private static final Flag REPLACE =
            new Flag("--replace", "Also if the stored login is newer, of another account, or damaged.");

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
        options.add(REPLACE);
        options.addAll(StoreOptions.ALL);
        options.add(Options.WAIT);
        options.add(Options.JSON);
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Put an auth.json into the store.")
                .footerHeading("%nExample:%n")
                .footer(
                        "  CODEX_HOME=$(mktemp -d) && export CODEX_HOME",
                        "  codex login -c 'cli_auth_credentials_store=\"file\"'",
                        "  codex-auth seed --id codex-ci --seed-file $CODEX_HOME/auth.json && rm -r $CODEX_HOME");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException, InterruptedException {
        StoreOptions options = new StoreOptions(process, inputs);
        CredentialId credential = options.requireId();
        Seed seed = ManagedOpening.seed(Options.SEED_FILE.in(inputs))
                .orElseThrow(() -> new UsageException("no login was given", "add --seed-file auth.json"));
        AtRest atRest = options.atRest();
        Storage storage = options.open();
        OperatorWork work = new OperatorWork(process, "seed");
        Upkeep upkeep = work.upkeep(storage, atRest);
        Envelope stored;
        try (Lease lease =
                work.acquire(storage, credential, Options.WAIT.in(inputs).orElse(Duration.ZERO))) {
            stored = REPLACE.isIn(inputs) ? upkeep.replace(lease, seed) : upkeep.seed(lease, seed);
        }
        if (Options.JSON.isIn(inputs)) {
            Json.print(process.out(), LoginJson.of(stored));
        }
        Console.messages(process)
                .say(
                        "keep no other copy of this auth.json in use: its refresh token works once, and the store has it now");
        return ExitCode.OK.number();
    }
}
