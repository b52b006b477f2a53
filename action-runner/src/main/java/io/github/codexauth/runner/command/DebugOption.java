package io.github.codexauth.runner.command;

import picocli.CommandLine.Option;

/** For those who report a bug. */
final class DebugOption {
    @Option(names = "--debug", description = "Show where in the program an error came from. [CODEX_AUTH_DEBUG=1]")
    private boolean debug;

    boolean isSet(Surroundings here) {
        return debug || here.inputs().variable("CODEX_AUTH_DEBUG").isPresent();
    }
}
