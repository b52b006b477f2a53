package io.github.codexauth.runner.command;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shell completion. */
@Command(
        name = "completion",
        description = "Print a completion script for bash and zsh.",
        footerHeading = "%nExample:%n",
        footer = "  source <(codex-auth completion)")
final class CompletionCommand implements Runnable {
    private final Surroundings here;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    CompletionCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public void run() {
        here.out().print(AutoComplete.bash("codex-auth", spec.root().commandLine()));
        here.out().flush();
    }
}
