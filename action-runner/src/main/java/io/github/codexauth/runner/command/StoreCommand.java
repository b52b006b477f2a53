package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.input.UsageException;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.StoreOptions;
import io.github.codexauth.runner.option.ValueOption;
import io.github.codexauth.runner.storage.PreparedStore;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Makes the place for a store on a server. */
final class StoreCommand implements Subcommand {
    private static final String INIT = "init";

    private static final ValueOption<String> RUNNER_ROLE = ValueOption.text(
            "--runner-role", "NAME", "The role or service account of the runners, for the rights that are printed.");

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
        return List.of(
                Options.STORE, Options.STORE_PASSWORD_FILE, Options.STORE_PASSWORD_COMMAND, Options.ID, RUNNER_ROLE);
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel(INIT)
                .arity("1")
                .type(String.class)
                .description("Make what is missing, and print the rights that the runners need, as SQL or a manifest.")
                .build());
        spec.usageMessage()
                .description("Prepare a store on a server, with the rights of its operator. Can be repeated.")
                .footerHeading("%nExamples:%n")
                .footer(
                        "  codex-auth store init --store postgresql://owner@db.example.com/codex_auth | psql ...",
                        "  codex-auth store init --store k8s://ci/codex-auth --id codex-ci | kubectl apply -f -");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException {
        if (!INIT.equals(parsed.matchedPositionalValue(0, ""))) {
            throw new UsageException(
                    "codex-auth store does not know what to do", "type: codex-auth store init --store ADDRESS");
        }
        PreparedStore store = new StoreOptions(process, inputs).prepared();
        List<String> rights = store.prepare(
                RUNNER_ROLE.in(inputs), Options.ID.in(inputs).map(List::of).orElse(List.of()));
        rights.forEach(process.out()::println);
        process.out().flush();
        Console.messages(process)
                .say("the store " + store + " is ready; its runners' role needs the rights above, and no more");
        return ExitCode.OK.number();
    }
}
