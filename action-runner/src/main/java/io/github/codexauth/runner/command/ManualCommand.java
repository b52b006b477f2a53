package io.github.codexauth.runner.command;

import io.github.codexauth.runner.command.reference.ManPage;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.option.Option;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The man page. */
final class ManualCommand implements Subcommand {
    static final String NAME = "manual";

    private final ProcessContext process;

    ManualCommand(ProcessContext process) {
        this.process = process;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Print the man page.")
                .footerHeading("%nExample:%n")
                .footer("  codex-auth manual | man -l -");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) {
        CommandSpec root = parsed.commandSpec().root();
        root.usageMessage().exitCodeList(ExitCode.all());
        process.out().print(ManPage.of(root));
        process.out().flush();
        return ExitCode.OK.number();
    }
}
