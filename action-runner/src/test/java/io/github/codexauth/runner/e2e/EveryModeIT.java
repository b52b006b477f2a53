package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import io.github.codexauth.testing.Result;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The four ways to sign in. */
class EveryModeIT extends OnOneMachine {
    @Test
    void anApiKeyReachesCodexAndNothingElse() {
        String key = standIn.newApiKey();
        Path file = cli.write("key", key + "\n");

        Result result = cli.run(args("--api-key-file", file.toString()));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.events(ModelCall.class)).last().isEqualTo(new ModelCall(key, 200));
        assertThat(result.all()).doesNotContain(key);
        assertThat(folder.resolve("state/codex-auth/scratch")).isEmptyDirectory();
    }

    @Test
    void anAccessTokenReachesCodexByItsVariable() {
        String token = standIn.newAccessToken();

        Result result = cli.with("CODEX_AUTH_ACCESS_TOKEN", token).run(args());

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.events(ModelCall.class)).last().isEqualTo(new ModelCall(token, 200));
    }

    @Test
    void workloadIdentityHandsOverItsTwoVariables() {
        Path token = cli.write("identity-token", "eyJ");

        Result result =
                cli.run("run", "--federation-rule", "rule-1", "--identity-token-file", token.toString(), "--", "env");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("OPENAI_FEDERATION_RULE_ID=rule-1", "OPENAI_IDENTITY_TOKEN_FILE=" + token)
                .doesNotContain("CODEX_AUTH_");
    }

    @Test
    void aFreshLoginIsUsedAsItIs() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);

        Result result = cli.runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.events(ModelCall.class))
                .last()
                .isEqualTo(new ModelCall(login.current().accessToken(), 200));
        assertThat(standIn.rotations()).isZero();
    }

    @Test
    void everyModeTakesAllOtherCredentialsOutOfTheJobsEnvironment() {
        cli.write("policy.yaml", """
                version: 1
                job-may-write-policy: true
                allow-other-credentials: true
                allow: [{platform: none}]
                """);
        cli.seed(standIn.newLogin(Duration.ofDays(9)));

        Result result = cli.with("CODEX_API_KEY", "sk-of-somebody-else")
                .with("CODEX_ACCESS_TOKEN", "at-of-somebody-else")
                .with("OPENAI_FEDERATION_RULE_ID", "rule")
                .runJob("env");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .doesNotContain("CODEX_API_KEY", "CODEX_ACCESS_TOKEN", "OPENAI_FEDERATION_RULE_ID", "CODEX_AUTH_");
    }

    private static String[] args(String... options) {
        return java.util.stream.Stream.of(
                        java.util.stream.Stream.of("run"),
                        java.util.stream.Stream.of(options),
                        java.util.stream.Stream.of("--"),
                        java.util.stream.Stream.of(Cli.codexExec()))
                .flatMap(words -> words)
                .toArray(String[]::new);
    }
}
