package io.github.codexauth.runner.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.github.codexauth.login.NoSuchCredentialException;
import io.github.codexauth.login.RescueArea;
import io.github.codexauth.login.RescueCopy;
import io.github.codexauth.login.Upkeep;
import io.github.codexauth.runner.console.Age;
import io.github.codexauth.runner.console.Json;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.option.Flag;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.StoreOptions;
import io.github.codexauth.runner.option.ValueOption;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Puts rescue copies of this machine, and what lies beside a login in the store, in the stored login's place. */
final class RescueCommand implements Subcommand {
    private static final Flag LIST = new Flag("--list", "Only show the copies.");

    private static final ValueOption<String> CHOSEN =
            ValueOption.text("--copy", "NAME", "Only this copy, as --list names it; default: all, oldest first.");

    private static final Flag DISCARD = new Flag("--discard", "Remove the copy that --copy names, which nobody wants.");

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
        options.add(DISCARD);
        options.add(PREVIOUS);
        options.addAll(StoreOptions.ALL);
        options.add(Options.WAIT);
        options.add(Options.JSON);
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Put a login into the store that it did not take: a copy on this machine, or one that lies"
                        + " beside the stored login. With --list only show what there is.")
                .footerHeading("%nExamples:%n")
                .footer(
                        "  codex-auth rescue --id codex-ci --list",
                        "  codex-auth rescue --id codex-ci",
                        "  codex-auth rescue --id codex-ci --force --copy NAME",
                        "  codex-auth rescue --id codex-ci --discard --copy NAME",
                        "  codex-auth rescue --id codex-ci --previous");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException, InterruptedException {
        StoreOptions options = new StoreOptions(process, inputs);
        CredentialId credential = options.requireId();
        if (DISCARD.isIn(inputs) && CHOSEN.in(inputs).isEmpty()) {
            throw new UsageException(
                    "--discard needs the name of one copy",
                    "see which there are: codex-auth rescue --list --id " + credential);
        }
        Storage storage = options.open();
        List<RescueCopy> copies = copies(storage.rescue(), credential);
        if (LIST.isIn(inputs)) {
            show(inputs, copies);
            return ExitCode.OK.number();
        }
        AtRest atRest = options.atRest();
        OperatorWork work = new OperatorWork(process, "rescue");
        Upkeep upkeep = work.upkeep(storage, atRest);
        try (Lease lease =
                work.acquire(storage, credential, Options.WAIT.in(inputs).orElse(Duration.ZERO))) {
            if (DISCARD.isIn(inputs)) {
                for (RescueCopy copy : chosen(inputs, copies, credential)) {
                    upkeep.discard(copy);
                    Console.messages(process).say("removed " + copy.name());
                }
                return ExitCode.OK.number();
            }
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

    /** All of them, oldest first. A store that does not answer is no reason to hide what is here. */
    private List<RescueCopy> copies(RescueArea rescue, CredentialId credential) {
        List<RescueCopy> copies = new ArrayList<>(rescue.copies(credential));
        try {
            copies.addAll(rescue.inStore(credential));
        } catch (StoreException e) {
            Console.messages(process).warn("what lies in the store cannot be seen: " + e.problem());
        }
        copies.sort(Comparator.comparing(copy -> copy.record().envelope().savedAt()));
        return copies;
    }

    private static List<RescueCopy> chosen(Inputs inputs, List<RescueCopy> copies, CredentialId credential)
            throws CodexAuthException {
        Optional<String> name = CHOSEN.in(inputs);
        if (name.isEmpty()) {
            return copies;
        }
        List<RescueCopy> found =
                copies.stream().filter(copy -> isNamed(copy, name.get())).toList();
        if (found.isEmpty()) {
            throw new UsageException(
                    "'" + credential + "' has no such rescue copy",
                    "see which there are: codex-auth rescue --list --id " + credential);
        }
        return found;
    }

    /** Of a file its end is enough. */
    private static boolean isNamed(RescueCopy copy, String name) {
        return copy.name().equals(name) || copy.name().endsWith("/" + name);
    }

    /** Copies are oldest first, and each has to continue the one before. */
    private static Envelope adopt(boolean anyway, Upkeep upkeep, Lease lease, List<RescueCopy> copies)
            throws CodexAuthException {
        if (copies.isEmpty()) {
            throw new UsageException(
                    "there is no rescue copy of '" + lease.id() + "' on this machine or in the store",
                    "go back to the store's previous generation: codex-auth rescue --previous --id " + lease.id()
                            + "; or see what is stored: codex-auth status");
        }
        Optional<Envelope> stored = Optional.empty();
        List<RescueCopy> tried = anyway ? copies.subList(copies.size() - 1, copies.size()) : copies;
        for (RescueCopy copy : tried) {
            Optional<Envelope> adopted = upkeep.adopt(lease, copy, anyway);
            stored = adopted.isPresent() ? adopted : stored;
        }
        return stored.orElseThrow(() -> new UsageException(
                "no copy is the next state of the stored login '" + lease.id() + "'",
                "if you know better, store the newest copy all the same: codex-auth rescue --force --id "
                        + lease.id()));
    }

    private void show(Inputs inputs, List<RescueCopy> copies) {
        if (Options.JSON.isIn(inputs)) {
            ObjectNode object = Json.object();
            ArrayNode array = object.putArray("copies");
            copies.forEach(copy -> array.add(json(copy)));
            Json.print(process.out(), object);
            return;
        }
        Messages messages = Console.messages(process);
        if (copies.isEmpty()) {
            messages.say("no rescue copy here");
        }
        for (RescueCopy copy : copies) {
            Envelope envelope = copy.record().envelope();
            process.out()
                    .println(copy.name()
                            + (copy instanceof RescueArea.InStore ? ", in the store" : "")
                            + (copy.isAside() ? ": put aside" : ": would be generation " + envelope.generation())
                            + ", account " + envelope.account() + ", refreshed "
                            + Age.of(envelope.lastRefresh(), process.clock().instant()) + ", by " + envelope.savedBy()
                            + copy.reason().map(reason -> "; " + reason).orElse(""));
        }
        process.out().flush();
    }

    private static ObjectNode json(RescueCopy copy) {
        ObjectNode json = LoginJson.of(copy.record().envelope())
                .put("name", copy.name())
                .put("encryption", copy.record().encryption().label());
        if (copy instanceof RescueArea.Copy here) {
            json.put("file", here.file().toString());
        }
        copy.reason().ifPresent(reason -> json.put("reason", reason));
        return json;
    }
}
