package io.github.codexauth.runner.command;

import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.option.Option;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Shell completion. */
final class CompletionCommand implements Subcommand {
    private final ProcessContext process;

    CompletionCommand(ProcessContext process) {
        this.process = process;
    }

    @Override
    public String name() {
        return "completion";
    }

    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Print a completion script for bash and zsh.")
                .footerHeading("%nExample:%n")
                .footer("  source <(codex-auth completion)");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) {
        process.out()
                .print(AutoComplete.bash(
                        "codex-auth", parsed.commandSpec().root().commandLine()));
        process.out().flush();
        return ExitCode.OK.number();
    }
}
