package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.input.InputFile;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SecretLimits;
import io.github.codexauth.session.CodexConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long a job may wait and take, and the settings it brings along. */
final class JobOptions {
    /** Longer than most jobs; a login that lasts this long needs no refresh before the job. */
    private static final Duration USUAL_JOB = Duration.ofHours(2);

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long the job may take, such as 90m; default: no limit, and 2h for deciding whether"
                    + " to refresh before it. [CODEX_AUTH_TIMEOUT]")
    private @Nullable String timeout;

    @Option(
            names = "--codex-config",
            paramLabel = "FILE",
            description = "A config.toml to bring along. [CODEX_AUTH_CODEX_CONFIG]")
    private @Nullable Path codexConfig;

    Optional<Duration> timeLimit(Inputs inputs) throws CodexAuthException {
        return inputs.duration(timeout, "--timeout", "TIMEOUT");
    }

    /** How long a job may take, for decisions before it. */
    Duration budget(Inputs inputs) throws CodexAuthException {
        return timeLimit(inputs).orElse(USUAL_JOB);
    }

    /**
     * Codex's settings for the private home.
     *
     * @param denied what no command that the model runs may read, besides the home
     */
    CodexConfig config(Inputs inputs, List<Path> denied) throws CodexAuthException {
        Optional<Path> own = inputs.path(codexConfig, "CODEX_CONFIG");
        return own.isEmpty()
                ? CodexConfig.standard(denied)
                : CodexConfig.extending(
                        InputFile.read("--codex-config", own.get(), SecretLimits.CONFIG),
                        own.get().toString(),
                        denied);
    }
}
