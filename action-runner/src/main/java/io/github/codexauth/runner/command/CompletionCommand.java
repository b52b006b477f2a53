package io.github.codexauth.runner.command;

import io.github.codexauth.UsageException;
import io.github.codexauth.runner.command.reference.Shell;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.option.Option;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Shell completion. */
final class CompletionCommand implements Subcommand {
    static final String NAME = "completion";

    private final ProcessContext process;

    CompletionCommand(ProcessContext process) {
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
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("SHELL")
                .arity("0..1")
                .type(String.class)
                .completionCandidates(Shell.words())
                .description("One of bash (the default), fish and zsh.")
                .build());
        spec.usageMessage()
                .description("Print a completion script for a shell.")
                .footerHeading("%nExamples:%n")
                .footer("  source <(codex-auth completion bash)", "  codex-auth completion fish | source");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws UsageException {
        String name = parsed.matchedPositionalValue(0, "bash");
        Shell shell = Shell.named(name)
                .orElseThrow(() -> new UsageException(
                        "there is no completion for '" + name + "'",
                        "type one of: " + String.join(", ", Shell.words())));
        process.out().print(shell.completionOf(parsed.commandSpec().root()));
        process.out().flush();
        return ExitCode.OK.number();
    }
}
