package io.github.codexauth.runner.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.login.NoSuchCredentialException;
import io.github.codexauth.login.RescueArea;
import io.github.codexauth.login.Upkeep;
import io.github.codexauth.runner.console.Age;
import io.github.codexauth.runner.console.Json;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.input.UsageException;
import io.github.codexauth.runner.option.Flag;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.StoreOptions;
import io.github.codexauth.runner.option.ValueOption;
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

/** Puts rescue copies into the store. */
final class RescueCommand implements Subcommand {
    private static final Flag LIST = new Flag("--list", "Only show the copies.");

    private static final ValueOption<Path> CHOSEN =
            ValueOption.path("--copy", "FILE", "Only this copy, as --list names it; default: all, oldest first.");

    private static final Flag FORCE =
            new Flag("--force", "Store the newest copy even if it is not the next state of what is stored.");

    private static final Flag PREVIOUS = new Flag(
            "--previous",
            "Instead of a copy, go back to the store's own previous generation, as when the current is damaged.");

    private final ProcessContext process;

    RescueCommand(ProcessContext process) {
        this.process = process;
    }

    @Override
    public String name() {
        return "rescue";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>();
        options.add(Options.ID);
        options.add(LIST);
        options.add(CHOSEN);
        options.add(FORCE);
        options.add(PREVIOUS);
        options.addAll(StoreOptions.ALL);
        options.add(Options.WAIT);
        options.add(Options.JSON);
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Put a rescue copy of this machine into the store; with --list only show what there is.")
                .footerHeading("%nExamples:%n")
                .footer(
                        "  codex-auth rescue --id codex-ci --list",
                        "  codex-auth rescue --id codex-ci",
                        "  codex-auth rescue --id codex-ci --force --copy FILE",
                        "  codex-auth rescue --id codex-ci --previous");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException, InterruptedException {
        StoreOptions options = new StoreOptions(process, inputs);
        CredentialId credential = options.requireId();
        Storage storage = options.open();
        List<RescueArea.Copy> copies = storage.rescue().copies(credential);
        if (LIST.isIn(inputs)) {
            show(inputs, copies);
            return ExitCode.OK.number();
        }
        AtRest atRest = options.atRest();
        OperatorWork work = new OperatorWork(process, "rescue");
        Upkeep upkeep = work.upkeep(storage, atRest);
        try (Lease lease =
                work.acquire(storage, credential, Options.WAIT.in(inputs).orElse(Duration.ZERO))) {
            Envelope stored = PREVIOUS.isIn(inputs)
                    ? upkeep.goBack(lease)
                            .orElseThrow(() -> new NoSuchCredentialException(
                                    credential, storage.store().address()))
                    : adopt(FORCE.isIn(inputs), upkeep, lease, chosen(inputs, copies, credential));
            Console.messages(process).say("'" + credential + "' is now generation " + stored.generation());
            if (Options.JSON.isIn(inputs)) {
                Json.print(process.out(), LoginJson.of(stored));
            }
        }
        return ExitCode.OK.number();
    }

    private static List<RescueArea.Copy> chosen(Inputs inputs, List<RescueArea.Copy> copies, CredentialId credential)
            throws CodexAuthException {
        Optional<Path> file = CHOSEN.in(inputs);
        if (file.isEmpty()) {
            return copies;
        }
        List<RescueArea.Copy> found =
                copies.stream().filter(copy -> copy.file().endsWith(file.get())).toList();
        if (found.isEmpty()) {
            throw new UsageException(
                    "'" + credential + "' has no such rescue copy",
                    "see which there are: codex-auth rescue --list --id " + credential);
        }
        return found;
    }

    /** Copies are oldest first, and each has to continue the one before. */
    private static Envelope adopt(boolean anyway, Upkeep upkeep, Lease lease, List<RescueArea.Copy> copies)
            throws CodexAuthException {
        if (copies.isEmpty()) {
            throw new UsageException(
                    "there is no rescue copy of '" + lease.id() + "' on this machine",
                    "go back to the store's previous generation: codex-auth rescue --previous --id " + lease.id()
                            + "; or see what is stored: codex-auth status");
        }
        Optional<Envelope> stored = Optional.empty();
        List<RescueArea.Copy> tried = anyway ? copies.subList(copies.size() - 1, copies.size()) : copies;
        for (RescueArea.Copy copy : tried) {
            Optional<Envelope> adopted = upkeep.adopt(lease, copy, anyway);
            stored = adopted.isPresent() ? adopted : stored;
        }
        return stored.orElseThrow(() -> new UsageException(
                "no copy is the next state of the stored login '" + lease.id() + "'",
                "if you know better, store the newest copy all the same: codex-auth rescue --force --id "
                        + lease.id()));
    }

    private void show(Inputs inputs, List<RescueArea.Copy> copies) {
        if (Options.JSON.isIn(inputs)) {
            ObjectNode object = Json.object();
            ArrayNode array = object.putArray("copies");
            copies.forEach(copy -> array.add(LoginJson.of(copy.record().envelope())
                    .put("file", copy.file().toString())
                    .put("encryption", copy.record().encryption().label())));
            Json.print(process.out(), object);
            return;
        }
        Messages messages = Console.messages(process);
        if (copies.isEmpty()) {
            messages.say("no rescue copy here");
        }
        for (RescueArea.Copy copy : copies) {
            Envelope envelope = copy.record().envelope();
            process.out()
                    .println(copy.file()
                            + (copy.isAside() ? ": put aside" : ": would be generation " + envelope.generation())
                            + ", account " + envelope.account() + ", refreshed "
                            + Age.of(envelope.lastRefresh(), process.clock().instant()) + ", by " + envelope.savedBy());
        }
        process.out().flush();
    }
}
