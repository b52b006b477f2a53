package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SignIn;
import io.github.codexauth.runner.input.SignInChoice;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The ways to sign in, of which a job takes exactly one. */
final class SignInOptions {
    @Option(
            names = "--id",
            paramLabel = "NAME",
            description = "Managed login: the store's credential to use. [CODEX_AUTH_ID]")
    private @Nullable String id;

    @Option(
            names = "--pool",
            paramLabel = "NAME",
            description = "Managed login: any free credential whose id begins with 'NAME.'. [CODEX_AUTH_POOL]")
    private @Nullable String pool;

    @Option(
            names = "--seed-file",
            paramLabel = "FILE",
            description = "Managed login: the auth.json to start from if the store has none."
                    + " [CODEX_AUTH_JSON, CODEX_AUTH_JSON_FILE]")
    private @Nullable Path seedFile;

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description = "OpenAI API key. [CODEX_AUTH_API_KEY, CODEX_AUTH_API_KEY_FILE]")
    private @Nullable Path apiKeyFile;

    @Option(
            names = "--access-token-file",
            paramLabel = "FILE",
            description =
                    "Access token of a ChatGPT workspace. [CODEX_AUTH_ACCESS_TOKEN, CODEX_AUTH_ACCESS_TOKEN_FILE]")
    private @Nullable Path accessTokenFile;

    @Option(
            names = "--federation-rule",
            paramLabel = "ID",
            description = "Workload identity: the federation rule. [CODEX_AUTH_FEDERATION_RULE]")
    private @Nullable String federationRule;

    @Option(
            names = "--identity-token-file",
            paramLabel = "FILE",
            description = "Workload identity: the file with the CI's signed token. [CODEX_AUTH_IDENTITY_TOKEN_FILE]")
    private @Nullable Path identityTokenFile;

    /** The one way that was chosen. */
    SignIn choose(Inputs inputs) throws CodexAuthException {
        return new SignInChoice(apiKeyFile, accessTokenFile, federationRule, identityTokenFile, id, pool, seedFile)
                .in(inputs);
    }
}
