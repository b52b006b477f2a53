package io.github.codexauth.runner.option;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.SignInMode;
import io.github.codexauth.UsageException;
import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.home.ManagedRequirements;
import io.github.codexauth.runner.input.Give;
import io.github.codexauth.runner.input.InputFile;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SecretLimits;
import io.github.codexauth.runner.input.SignIn;
import io.github.codexauth.runner.platform.JobTokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How long a job may take, and the settings it brings along. */
public final class JobOptions {
    /** In the order in which help shows them. */
    public static final List<Option> ALL = List.of(Options.TIMEOUT, Options.CODEX_CONFIG, Options.EXPOSE);

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
     * What the user wants the job to get of its credential.
     *
     * @throws UsageException if it is no such level, or none for this way to sign in
     */
    public Optional<Give> giveFor(SignIn signIn) throws CodexAuthException {
        Optional<Give> level = give();
        if (!(signIn instanceof SignIn.Managed) && level.equals(Optional.of(Give.ACCESS))) {
            throw new UsageException(
                    "--give access (CODEX_AUTH_GIVE) is for logins; a key or token cannot be given in part",
                    "--give nothing, so that it is not in the job at all, or --give all");
        }
        if (signIn.mode() == SignInMode.WORKLOAD_IDENTITY && level.equals(Optional.of(Give.NOTHING))) {
            throw new UsageException(
                    "--give nothing (CODEX_AUTH_GIVE) is for credentials that are kept; the CI's own token is the job's",
                    "leave --give away");
        }
        return level;
    }

    private Optional<Give> give() throws CodexAuthException {
        Optional<String> level = Options.GIVE.in(inputs);
        return level.isEmpty() ? Optional.empty() : Optional.of(Give.parse(level.get()));
    }

    /**
     * Whether the job uses its login beside others, of which none has the refresh token.
     *
     * @throws UsageException if it would have the refresh token, or takes any login of a pool
     */
    public boolean shared(SignIn signIn) throws CodexAuthException {
        boolean shared = Options.SHARED.isSetIn(inputs);
        if (shared && give().equals(Optional.of(Give.ALL))) {
            throw new UsageException(
                    "--shared (CODEX_AUTH_SHARED) is for jobs that do not have the refresh token",
                    "give it less: --give access, or --give nothing");
        }
        if (shared && signIn instanceof SignIn.Managed managed && managed.choice() instanceof SignIn.Pool) {
            throw new UsageException(
                    "--shared (CODEX_AUTH_SHARED) and --pool are two ways for jobs to run at once",
                    "name the one login that is shared: --id NAME; or leave --shared away");
        }
        return shared;
    }

    /**
     * What is left of a login to steps between which none of us lives.
     *
     * @throws UsageException if that would take somebody who answers their Codex
     */
    public Give giveToLaterSteps() throws CodexAuthException {
        Give level = give().orElse(Give.ALL);
        if (level == Give.NOTHING) {
            throw new UsageException(
                    "--give nothing (CODEX_AUTH_GIVE) takes a codex-auth that lives as long as the job, and restore ends",
                    "--give access, for an access token alone, or --give all; or one command: codex-auth run --give nothing -- …");
        }
        return level;
    }

    /**
     * Codex's settings for the private home.
     *
     * @param denied what no command that the model runs may read, besides the home
     */
    public CodexConfig config(List<Path> denied) throws CodexAuthException {
        ManagedRequirements managed = ManagedRequirements.read(ManagedRequirements.FOLDER);
        Optional<Path> own = Options.CODEX_CONFIG.in(inputs);
        CodexConfig config = own.isEmpty()
                ? CodexConfig.standard(denied, managed)
                : CodexConfig.extending(
                        InputFile.read("--codex-config", own.get(), SecretLimits.CONFIG),
                        own.get().toString(),
                        denied,
                        managed);
        return config.hidingVariables(JobTokens.hidden(inputs.variables(), exposed()));
    }

    /** The variables that the model's commands may see, though they hold a token of the CI. */
    private List<String> exposed() throws CodexAuthException {
        Optional<String> text = Options.EXPOSE.in(inputs);
        if (text.isEmpty()) {
            return List.of();
        }
        List<String> names = List.of(text.get().strip().split("[,\\s]+"));
        for (String name : names) {
            if (!name.matches("\\w{1,200}")) {
                throw new UsageException(
                        "--expose (CODEX_AUTH_EXPOSE) lists names of variables, and has something else in it",
                        "write it like: --expose GITHUB_TOKEN,GH_TOKEN");
            }
        }
        return names;
    }
}
