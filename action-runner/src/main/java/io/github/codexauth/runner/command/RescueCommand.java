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

/** Puts rescue copies into the store. */
final class RescueCommand implements Subcommand {
    private final Surroundings here;

    private final CredentialOption credentialOption = new CredentialOption();

    private final Opt<Boolean> list = Opt.flag("--list", "Only show the copies.");

    private final Opt<Path> chosen =
            Opt.path("--copy", "FILE", "Only this copy, as --list names it; default: all, oldest first.");

    private final Opt<Boolean> force =
            Opt.flag("--force", "Store the newest copy even if it is not the next state of what is stored.");

    private final Opt<Boolean> previous = Opt.flag(
            "--previous",
            "Instead of a copy, go back to the store's own previous generation, as when the current is damaged.");

    private final StoreOptions storeOptions = new StoreOptions();

    private final LeaseOptions leaseOptions = new LeaseOptions();

    private final JsonOption json = new JsonOption();

    RescueCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public String name() {
        return "rescue";
    }

    @Override
    public List<Opt<?>> options() {
        List<Opt<?>> options = new ArrayList<>();
        options.addAll(credentialOption.options());
        options.add(list);
        options.add(chosen);
        options.add(force);
        options.add(previous);
        options.addAll(storeOptions.options());
        options.addAll(leaseOptions.options());
        options.addAll(json.options());
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
    public int run(ParseResult typed) throws CodexAuthException, InterruptedException {
        Inputs inputs = here.inputs();
        CredentialId credential = credentialOption.require(inputs);
        Storage storage = storeOptions.open(here);
        List<RescueArea.Copy> copies = storage.rescue().copies(credential);
        if (list.isSet()) {
            show(copies);
            return ExitCode.OK;
        }
        AtRest atRest = storeOptions.atRest(inputs);
        OperatorWork work = new OperatorWork(here, "rescue");
        Upkeep upkeep = work.upkeep(storage, atRest);
        try (Lease lease = work.acquire(storage, credential, leaseOptions.wait(inputs))) {
            Envelope stored = previous.isSet()
                    ? upkeep.goBack(lease)
                            .orElseThrow(() -> new NoSuchCredentialException(
                                    credential, storage.store().address()))
                    : adopt(upkeep, lease, chosen(copies, credential));
            Console.messages(here).say("'" + credential + "' is now generation " + stored.generation());
            json.print(here, () -> LoginJson.of(stored));
        }
        return ExitCode.OK;
    }

    private List<RescueArea.Copy> chosen(List<RescueArea.Copy> copies, CredentialId credential) throws UsageException {
        Path file = chosen.value();
        if (file == null) {
            return copies;
        }
        List<RescueArea.Copy> found =
                copies.stream().filter(copy -> copy.file().endsWith(file)).toList();
        if (found.isEmpty()) {
            throw new UsageException(
                    "'" + credential + "' has no such rescue copy",
                    "see which there are: codex-auth rescue --list --id " + credential);
        }
        return found;
    }

    /** Copies are oldest first, and each has to continue the one before. */
    private Envelope adopt(Upkeep upkeep, Lease lease, List<RescueArea.Copy> copies) throws CodexAuthException {
        if (copies.isEmpty()) {
            throw new UsageException(
                    "there is no rescue copy of '" + lease.id() + "' on this machine",
                    "go back to the store's previous generation: codex-auth rescue --previous --id " + lease.id()
                            + "; or see what is stored: codex-auth status");
        }
        Optional<Envelope> stored = Optional.empty();
        List<RescueArea.Copy> tried = force.isSet() ? copies.subList(copies.size() - 1, copies.size()) : copies;
        for (RescueArea.Copy copy : tried) {
            Optional<Envelope> adopted = upkeep.adopt(lease, copy, force.isSet());
            stored = adopted.isPresent() ? adopted : stored;
        }
        return stored.orElseThrow(() -> new UsageException(
                "no copy is the next state of the stored login '" + lease.id() + "'",
                "if you know better, store the newest copy all the same: codex-auth rescue --force --id "
                        + lease.id()));
    }

    private void show(List<RescueArea.Copy> copies) {
        if (json.isSet()) {
            ObjectNode object = Json.object();
            ArrayNode array = object.putArray("copies");
            copies.forEach(copy -> array.add(LoginJson.of(copy.record().envelope())
                    .put("file", copy.file().toString())
                    .put("encryption", copy.record().encryption().label())));
            Json.print(here.out(), object);
            return;
        }
        Messages messages = Console.messages(here);
        if (copies.isEmpty()) {
            messages.say("no rescue copy here");
        }
        for (RescueArea.Copy copy : copies) {
            Envelope envelope = copy.record().envelope();
            here.out()
                    .println(copy.file()
                            + (copy.isAside() ? ": put aside" : ": would be generation " + envelope.generation())
                            + ", account " + envelope.account() + ", refreshed "
                            + Age.of(envelope.lastRefresh(), here.clock().instant()) + ", by " + envelope.savedBy());
        }
        here.out().flush();
    }
}
