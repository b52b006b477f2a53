package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.input.Inputs;
import java.time.Duration;
import java.util.List;

/** How long to wait for a credential that somebody else has. */
final class LeaseOptions {
    private final Opt<String> wait = Opt.text(
            "--wait",
            "TIME",
            "How long to wait for a credential in use, such as 15m; default: not at all. [CODEX_AUTH_WAIT]");

    Duration wait(Inputs inputs) throws CodexAuthException {
        return inputs.duration(wait.value(), "--wait", "WAIT").orElse(Duration.ZERO);
    }

    List<Opt<?>> options() {
        return List.of(wait);
    }
}
