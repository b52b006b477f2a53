package io.github.codexauth.runner.command;

import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Shell completion. */
final class CompletionCommand implements Subcommand {
    private final Surroundings here;

    CompletionCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public String name() {
        return "completion";
    }

    @Override
    public List<Opt<?>> options() {
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
    public int run(ParseResult typed) {
        here.out()
                .print(AutoComplete.bash(
                        "codex-auth", typed.commandSpec().root().commandLine()));
        here.out().flush();
        return ExitCode.OK;
    }
}
