package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SignInChoice;
import io.github.codexauth.runner.input.UsageException;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.Occupancy;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes a lease from a job that will not give it back. */
@Command(
        name = "unlock",
        description =
                "Free a credential that restore took and no persist will give back. A living process keeps its lease.",
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = "  codex-auth unlock --id codex-ci --holder-since 2026-11-24T03:21:01Z")
final class UnlockCommand implements Callable<Integer> {
    private final Surroundings here;

    @Option(names = "--id", paramLabel = "NAME", description = "The credential. [CODEX_AUTH_ID]")
    private @Nullable String id;

    @Option(
            names = "--holder-since",
            paramLabel = "INSTANT",
            description =
                    "The time that status shows for the holder: the proof that this holder is meant, and no later one.")
    private @Nullable String holderSince;

    @Mixin
    private final StoreOptions storeOptions = new StoreOptions();

    UnlockCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public Integer call() throws CodexAuthException {
        Inputs inputs = here.inputs();
        CredentialId credential = SignInChoice.credentialId(inputs.text(id, "ID")
                .orElseThrow(() -> new UsageException("no credential was named", "add --id NAME")));
        Storage storage = storeOptions.open(here);
        Optional<Occupancy> occupancy = storage.store().occupancy(credential);
        if (occupancy.isEmpty()) {
            Console.messages(here).say("nobody has '" + credential + "'");
            return ExitCode.OK;
        }
        Occupancy seen = occupancy.get();
        if (!seen.holder().since().toString().equals(holderSince)) {
            throw new UsageException(
                    CredentialBusyException.describe(credential, seen),
                    "make sure that this job is over, then: codex-auth unlock --id " + credential + " --holder-since "
                            + seen.holder().since());
        }
        if (!storage.store().breakLease(credential, seen)) {
            throw new CredentialBusyException(credential, seen);
        }
        Console.messages(here)
                .say("'" + credential + "' is free; a login that the other job refreshed is recovered by the next run"
                        + " on its machine");
        return ExitCode.OK;
    }
}
