package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.input.Inputs;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long to wait for a credential that somebody else has. */
final class LeaseOptions {
    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description =
                    "How long to wait for a credential in use, such as 15m; default: not at all. [CODEX_AUTH_WAIT]")
    private @Nullable String wait;

    Duration wait(Inputs inputs) throws CodexAuthException {
        return inputs.duration(wait, "--wait", "WAIT").orElse(Duration.ZERO);
    }
}
