package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.UsageException;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.DetachableStore;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.UnlockHint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Takes a lease from a job that will not give it back. */
final class UnlockCommand implements Subcommand {
    private final Surroundings here;

    private final CredentialOption credentialOption = new CredentialOption();

    private final Opt<String> holderSince = Opt.text(
            "--holder-since",
            "INSTANT",
            "The time that status shows for the holder: the proof that this holder is meant, and no later one.");

    private final StoreOptions storeOptions = new StoreOptions();

    UnlockCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public String name() {
        return "unlock";
    }

    @Override
    public List<Opt<?>> options() {
        List<Opt<?>> options = new ArrayList<>();
        options.addAll(credentialOption.options());
        options.add(holderSince);
        options.addAll(storeOptions.options());
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Free a credential that restore took and no persist will give back. A living process keeps its lease.")
                .footerHeading("%nExample:%n")
                .footer("  codex-auth unlock --id codex-ci --holder-since 2026-11-24T03:21:01Z");
    }

    @Override
    public int run(ParseResult typed) throws CodexAuthException {
        Inputs inputs = here.inputs();
        CredentialId credential = credentialOption.require(inputs);
        DetachableStore store = DetachableStore.of(storeOptions.open(here).store());
        Optional<Occupancy> occupancy = store.occupancy(credential);
        if (occupancy.isEmpty()) {
            Console.messages(here).say("nobody has '" + credential + "'");
            return ExitCode.OK;
        }
        Occupancy seen = occupancy.get();
        if (!seen.holder().since().toString().equals(holderSince.value())) {
            throw new UsageException(
                    CredentialBusyException.describe(credential, seen),
                    "make sure that this job is over, then: " + UnlockHint.of(credential, seen));
        }
        if (!store.breakLease(credential, seen)) {
            throw new CredentialBusyException(credential, seen);
        }
        Console.messages(here)
                .say("'" + credential + "' is free; a login that the other job refreshed is recovered by the next run"
                        + " on its machine");
        return ExitCode.OK;
    }
}
