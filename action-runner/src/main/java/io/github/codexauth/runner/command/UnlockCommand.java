package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.input.UsageException;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.StoreOptions;
import io.github.codexauth.runner.option.ValueOption;
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
    private static final ValueOption<String> HOLDER_SINCE = ValueOption.text(
            "--holder-since",
            "INSTANT",
            "The time that status shows for the holder: the proof that this holder is meant, and no later one.");

    private final ProcessContext process;

    UnlockCommand(ProcessContext process) {
        this.process = process;
    }

    @Override
    public String name() {
        return "unlock";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>();
        options.add(Options.ID);
        options.add(HOLDER_SINCE);
        options.addAll(StoreOptions.ALL);
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
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException {
        StoreOptions options = new StoreOptions(process, inputs);
        CredentialId credential = options.requireId();
        DetachableStore store = DetachableStore.of(options.open().store());
        Optional<Occupancy> occupancy = store.occupancy(credential);
        if (occupancy.isEmpty()) {
            Console.messages(process).say("nobody has '" + credential + "'");
            return ExitCode.OK.number();
        }
        Occupancy seen = occupancy.get();
        if (!HOLDER_SINCE.in(inputs).equals(Optional.of(seen.holder().since().toString()))) {
            throw new UsageException(
                    CredentialBusyException.describe(credential, seen),
                    "make sure that this job is over, then: " + UnlockHint.of(credential, seen));
        }
        if (!store.breakLease(credential, seen)) {
            throw new CredentialBusyException(credential, seen);
        }
        Console.messages(process)
                .say("'" + credential + "' is free; a login that the other job refreshed is recovered by the next run"
                        + " on its machine");
        return ExitCode.OK.number();
    }
}
