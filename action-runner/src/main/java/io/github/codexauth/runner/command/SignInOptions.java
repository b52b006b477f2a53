package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SignIn;
import io.github.codexauth.runner.input.SignInChoice;
import java.nio.file.Path;
import java.util.List;

/** The ways to sign in, of which a job takes exactly one. */
final class SignInOptions {
    private final Opt<String> id =
            Opt.text("--id", "NAME", "Managed login: the store's credential to use. [CODEX_AUTH_ID]");

    private final Opt<String> pool = Opt.text(
            "--pool", "NAME", "Managed login: any free credential whose id begins with 'NAME.'. [CODEX_AUTH_POOL]");

    private final Opt<Path> seedFile = Opt.path(
            "--seed-file",
            "FILE",
            "Managed login: the auth.json to start from if the store has none."
                    + " [CODEX_AUTH_JSON, CODEX_AUTH_JSON_FILE]");

    private final Opt<Path> apiKeyFile =
            Opt.path("--api-key-file", "FILE", "OpenAI API key. [CODEX_AUTH_API_KEY, CODEX_AUTH_API_KEY_FILE]");

    private final Opt<Path> accessTokenFile = Opt.path(
            "--access-token-file",
            "FILE",
            "Access token of a ChatGPT workspace. [CODEX_AUTH_ACCESS_TOKEN, CODEX_AUTH_ACCESS_TOKEN_FILE]");

    private final Opt<String> federationRule =
            Opt.text("--federation-rule", "ID", "Workload identity: the federation rule. [CODEX_AUTH_FEDERATION_RULE]");

    private final Opt<Path> identityTokenFile = Opt.path(
            "--identity-token-file",
            "FILE",
            "Workload identity: the file with the CI's signed token. [CODEX_AUTH_IDENTITY_TOKEN_FILE]");

    /** The one way that was chosen. */
    SignIn choose(Inputs inputs) throws CodexAuthException {
        return new SignInChoice(
                        apiKeyFile.value(),
                        accessTokenFile.value(),
                        federationRule.value(),
                        identityTokenFile.value(),
                        id.value(),
                        pool.value(),
                        seedFile.value())
                .in(inputs);
    }

    List<Opt<?>> options() {
        return List.of(id, pool, seedFile, apiKeyFile, accessTokenFile, federationRule, identityTokenFile);
    }
}
