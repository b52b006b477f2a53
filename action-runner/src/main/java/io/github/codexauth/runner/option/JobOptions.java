package io.github.codexauth.runner.option;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.home.ManagedRequirements;
import io.github.codexauth.runner.input.Give;
import io.github.codexauth.runner.input.InputFile;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SecretLimits;
import io.github.codexauth.runner.input.SignIn;
import io.github.codexauth.runner.input.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How long a job may take, and the settings it brings along. */
public final class JobOptions {
    /** In the order in which help shows them. */
    public static final List<Option> ALL = List.of(Options.TIMEOUT, Options.CODEX_CONFIG);

    /** Longer than most jobs; a login that lasts this long needs no refresh before the job. */
    private static final Duration USUAL_JOB = Duration.ofHours(2);

    private final Inputs inputs;

    public JobOptions(Inputs inputs) {
        this.inputs = inputs;
    }

    /** How long a job may take, for decisions before it. */
    public Duration budget() throws CodexAuthException {
        return Options.TIMEOUT.in(inputs).orElse(USUAL_JOB);
    }

    /**
     * What the job gets of a login.
     *
     * @param usual unless the user asks for a level
     */
    public Give give(Give usual) throws CodexAuthException {
        Optional<String> level = Options.GIVE.in(inputs);
        return level.isEmpty() ? usual : Give.parse(level.get());
    }

    /**
     * Whether the job uses its login beside others, of which none has the refresh token.
     *
     * @throws UsageException if it would have the refresh token, or takes any login of a pool
     */
    public boolean shared(SignIn signIn) throws CodexAuthException {
        boolean shared = Options.SHARED.isSetIn(inputs);
        if (shared && give(Give.ACCESS) != Give.ACCESS) {
            throw new UsageException(
                    "--shared (CODEX_AUTH_SHARED) is for jobs that do not have the refresh token",
                    "give it less: --give access");
        }
        if (shared && signIn instanceof SignIn.Managed managed && managed.choice() instanceof SignIn.Pool) {
            throw new UsageException(
                    "--shared (CODEX_AUTH_SHARED) and --pool are two ways for jobs to run at once",
                    "name the one login that is shared: --id NAME; or leave --shared away");
        }
        return shared;
    }

    /**
     * Refuses a level that this way of handing over does not know, rather than to give more than was asked for.
     *
     * @param what hands over everything
     */
    public void requireGiveAll(String what) throws CodexAuthException {
        if (give(Give.ALL) != Give.ALL) {
            throw new UsageException(
                    what + " hands everything over, and --give (CODEX_AUTH_GIVE) asks for less",
                    "let the login stay with codex-auth: codex-auth run --id NAME --give access -- …; or, if the job may have"
                            + " it all: --give all");
        }
    }

    /**
     * Codex's settings for the private home.
     *
     * @param denied what no command that the model runs may read, besides the home
     */
    public CodexConfig config(List<Path> denied) throws CodexAuthException {
        ManagedRequirements managed = ManagedRequirements.read(ManagedRequirements.FOLDER);
        Optional<Path> own = Options.CODEX_CONFIG.in(inputs);
        return own.isEmpty()
                ? CodexConfig.standard(denied, managed)
                : CodexConfig.extending(
                        InputFile.read("--codex-config", own.get(), SecretLimits.CONFIG),
                        own.get().toString(),
                        denied,
                        managed);
    }
}
