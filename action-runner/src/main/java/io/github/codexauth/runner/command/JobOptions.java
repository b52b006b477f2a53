package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.home.ManagedRequirements;
import io.github.codexauth.runner.input.InputFile;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SecretLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How long a job may wait and take, and the settings it brings along. */
final class JobOptions {
    /** Longer than most jobs; a login that lasts this long needs no refresh before the job. */
    private static final Duration USUAL_JOB = Duration.ofHours(2);

    private final Opt<String> timeout = Opt.text(
            "--timeout",
            "TIME",
            "How long the job may take, such as 90m; default: no limit, and 2h for deciding whether"
                    + " to refresh before it. [CODEX_AUTH_TIMEOUT]");

    private final Opt<Path> codexConfig =
            Opt.path("--codex-config", "FILE", "A config.toml to bring along. [CODEX_AUTH_CODEX_CONFIG]");

    Optional<Duration> timeLimit(Inputs inputs) throws CodexAuthException {
        return inputs.duration(timeout.value(), "--timeout", "TIMEOUT");
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
        ManagedRequirements managed = ManagedRequirements.read(ManagedRequirements.FOLDER);
        Optional<Path> own = inputs.path(codexConfig.value(), "CODEX_CONFIG");
        return own.isEmpty()
                ? CodexConfig.standard(denied, managed)
                : CodexConfig.extending(
                        InputFile.read("--codex-config", own.get(), SecretLimits.CONFIG),
                        own.get().toString(),
                        denied,
                        managed);
    }

    List<Opt<?>> options() {
        return List.of(timeout, codexConfig);
    }
}
