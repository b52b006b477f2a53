package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.StoreOptions;
import io.github.codexauth.runner.option.ValueOption;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.DetachableStore;
import io.github.codexauth.store.HeldLease;
import io.github.codexauth.store.UnlockHint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Takes a lease from a job that will not give it back. */
final class UnlockCommand implements Subcommand {
    private static final ValueOption<String> EPOCH = ValueOption.text(
            "--epoch",
            "N",
            "The number that status shows for the lease: the proof that this one is meant, and no later one.");

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
        options.add(EPOCH);
        options.addAll(StoreOptions.ALL);
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Free a credential that restore took and no persist will give back, or, in a store on a server,"
                                + " whose holder hangs. In a store on a disk a living process keeps its lease.")
                .footerHeading("%nExamples:%n")
                .footer("  codex-auth unlock --id codex-ci", "  codex-auth unlock --id codex-ci --epoch 17");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException {
        StoreOptions options = new StoreOptions(process, inputs);
        CredentialId credential = options.requireId();
        DetachableStore store = DetachableStore.of(options.open().store());
        Optional<HeldLease> lease = store.lease(credential);
        Optional<Long> meant = epoch(inputs, credential);
        boolean isShown =
                lease.isPresent() && meant.equals(Optional.of(lease.get().epoch()));
        if (lease.isPresent() && meant.isEmpty()) {
            throw new UsageException(
                    CredentialBusyException.describe(credential, lease.get().occupancy()) + "; epoch "
                            + lease.get().epoch(),
                    "make sure that this job is over, then: " + UnlockHint.of(credential, lease.get()));
        }
        if (isShown && store.breakLease(credential, meant.orElseThrow())) {
            Console.messages(process)
                    .say("'" + credential + "' is free; what the other job refreshed and could not store is recovered"
                            + " by the next run on its machine, or lies aside: codex-auth rescue --list --id "
                            + credential);
            return ExitCode.OK.number();
        }
        // Another may have it by now.
        Optional<HeldLease> now = store.lease(credential);
        if (now.isPresent()) {
            throw CredentialBusyException.notEnded(credential, now.get(), hint(credential, now.get(), meant));
        }
        Console.messages(process).say("nobody has '" + credential + "'");
        return ExitCode.OK.number();
    }

    private static Optional<Long> epoch(Inputs inputs, CredentialId credential) throws CodexAuthException {
        try {
            return EPOCH.in(inputs).map(Long::valueOf);
        } catch (NumberFormatException quoted) {
            throw new UsageException("--epoch is no number", "see it: " + UnlockHint.of(credential));
        }
    }

    private static String hint(CredentialId credential, HeldLease now, Optional<Long> meant) {
        return meant.equals(Optional.of(now.epoch()))
                ? "its process lives, and frees it when it ends: end that process"
                : "that is epoch " + now.epoch() + ", and not the one that was meant; if this job is over, too: "
                        + UnlockHint.of(credential, now);
    }
}
