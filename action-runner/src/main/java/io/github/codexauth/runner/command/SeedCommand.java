package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.login.Seed;
import io.github.codexauth.login.Upkeep;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SecretSource;
import io.github.codexauth.runner.input.UsageException;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Puts a first login into a store, or a new one. */
final class SeedCommand implements Subcommand {
    private final Surroundings here;

    private final CredentialOption credentialOption = new CredentialOption();

    private final Opt<Path> seedFile = Opt.path(
            "--seed-file", "FILE", "The auth.json, as codex login wrote it. [CODEX_AUTH_JSON, CODEX_AUTH_JSON_FILE]");

    private final Opt<Boolean> replace =
            Opt.flag("--replace", "Also if the stored login is newer, of another account, or damaged.");

    private final StoreOptions storeOptions = new StoreOptions();

    private final LeaseOptions leaseOptions = new LeaseOptions();

    private final JsonOption json = new JsonOption();

    SeedCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public String name() {
        return "seed";
    }

    @Override
    public List<Opt<?>> options() {
        List<Opt<?>> options = new ArrayList<>();
        options.addAll(credentialOption.options());
        options.add(seedFile);
        options.add(replace);
        options.addAll(storeOptions.options());
        options.addAll(leaseOptions.options());
        options.addAll(json.options());
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
    public int run(ParseResult typed) throws CodexAuthException, InterruptedException {
        Inputs inputs = here.inputs();
        CredentialId credential = credentialOption.require(inputs);
        Optional<SecretSource> source = inputs.secret(seedFile.value(), "--seed-file", "JSON");
        Seed seed = ManagedOpening.seed(source)
                .orElseThrow(() -> new UsageException("no login was given", "add --seed-file auth.json"));
        AtRest atRest = storeOptions.atRest(inputs);
        Storage storage = storeOptions.open(here);
        OperatorWork work = new OperatorWork(here, "seed");
        Upkeep upkeep = work.upkeep(storage, atRest);
        Envelope stored;
        try (Lease lease = work.acquire(storage, credential, leaseOptions.wait(inputs))) {
            stored = replace.isSet() ? upkeep.replace(lease, seed) : upkeep.seed(lease, seed);
        }
        json.print(here, () -> LoginJson.of(stored));
        Console.messages(here)
                .say(
                        "keep no other copy of this auth.json in use: its refresh token works once, and the store has it now");
        return ExitCode.OK;
    }
}
