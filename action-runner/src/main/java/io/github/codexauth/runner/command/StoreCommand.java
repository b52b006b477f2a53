package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.StoreOptions;
import io.github.codexauth.runner.option.ValueOption;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.session.Relocation;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import io.github.codexauth.stores.PreparedStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** What an operator does to stores as a whole: makes the place for one on a server, moves logins to another. */
final class StoreCommand implements Subcommand {
    private static final String INIT = "init";
    private static final String COPY = "copy";

    private static final ValueOption<String> RUNNER_ROLE = ValueOption.text(
            "--runner-role",
            "NAME",
            "init: the role, service account or policy of the runners, for the rights that are printed.");

    private final ProcessContext process;

    StoreCommand(ProcessContext process) {
        this.process = process;
    }

    @Override
    public String name() {
        return "store";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>();
        options.add(
                Options.ID.described("init: a credential that runners may use; copy: this one alone, default: all."));
        options.addAll(StoreOptions.ALL);
        options.add(Options.TO_PASSWORD_FILE);
        options.add(Options.TO_PASSWORD_COMMAND);
        options.add(Options.WAIT);
        options.add(RUNNER_ROLE);
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("init | copy FROM TO")
                .hideParamSyntax(true)
                .arity("1..3")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description(
                        "init: make what is missing of a store on a server, with the rights of its operator, and print"
                                + " the rights that the runners need: as SQL, a manifest or a policy. copy: move logins"
                                + " from one store to another.")
                .build());
        spec.usageMessage()
                .description(
                        "Prepare a store on a server, or move logins to another store: jobs find them there, and in"
                                + " the old one no more. Both can be repeated.")
                .footerHeading("%nExamples:%n")
                .footer(
                        "  codex-auth store init --store postgresql://owner@db.example.com/codex_auth | psql ...",
                        "  codex-auth store init --store k8s://ci/codex-auth --id codex-ci | kubectl apply -f -",
                        "  codex-auth store init --store 'vault://kv/codex-auth?server=https://vault.example.com:8200' \\",
                        "    --id codex-ci | vault policy write codex-auth-runner -",
                        "  codex-auth store copy file:/var/lib/codex-auth postgresql://runner@db.example.com/codex_auth \\",
                        "    --to-password-file db-password --age-identity-file identity.txt");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException, InterruptedException {
        List<String> words = parsed.matchedPositionalValue(0, List.of());
        if (words.equals(List.of(INIT))) {
            return init(inputs);
        }
        if (words.size() == 3 && words.get(0).equals(COPY)) {
            return copy(inputs, words.get(1), words.get(2));
        }
        throw new UsageException(
                "codex-auth store does not know what to do",
                "type: codex-auth store init --store ADDRESS, or: codex-auth store copy FROM TO, with two addresses");
    }

    private int init(Inputs inputs) throws CodexAuthException {
        PreparedStore store = new StoreOptions(process, inputs).prepared();
        List<String> rights = store.prepare(
                RUNNER_ROLE.in(inputs), Options.ID.in(inputs).map(List::of).orElse(List.of()));
        rights.forEach(process.out()::println);
        process.out().flush();
        Console.messages(process)
                .say("the store " + store + " is ready; its runners' role needs the rights above, and no more");
        return ExitCode.OK.number();
    }

    private int copy(Inputs inputs, String from, String to) throws CodexAuthException, InterruptedException {
        StoreOptions options = new StoreOptions(process, inputs);
        Storage old = options.open(from, Options.STORE_PASSWORD_FILE, Options.STORE_PASSWORD_COMMAND);
        Storage next = options.open(to, Options.TO_PASSWORD_FILE, Options.TO_PASSWORD_COMMAND);
        if (old.store().address().equals(next.store().address())) {
            throw new UsageException(
                    "both addresses name the same store", "name the store that the logins are to go to");
        }
        OperatorWork work = new OperatorWork(process, "store copy");
        Relocation relocation = new Relocation(old.store(), work.sessions(old, options.atRest()));
        Optional<CredentialId> one = Options.ID.in(inputs);
        List<CredentialId> ids =
                one.isPresent() ? List.of(one.get()) : old.store().list();
        Duration wait = Options.WAIT.in(inputs).orElse(Duration.ZERO);
        Messages messages = Console.messages(process);
        if (ids.isEmpty()) {
            messages.say("there is no login in " + old.store().address());
        }
        for (CredentialId id : ids) {
            // Two who move opposite ways do not wait for each other for ever: every wait has an end.
            try (Lease here = work.acquire(old, id, wait);
                    Lease there = work.acquire(next, id, wait)) {
                Envelope moved = relocation.move(here, there, next.rescue());
                messages.say("'" + id + "' is in " + next.store().address() + " now, as generation "
                        + moved.generation() + "; in " + old.store().address() + " no job can use it any more");
            }
        }
        return ExitCode.OK.number();
    }
}
