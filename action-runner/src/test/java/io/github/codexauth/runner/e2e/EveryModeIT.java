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
        allowOtherCredentials();
        cli.seed(standIn.newLogin(Duration.ofDays(9)));

        Result result = cli.with("CODEX_API_KEY", "sk-of-somebody-else")
                .with("CODEX_ACCESS_TOKEN", "at-of-somebody-else")
                .with("OPENAI_FEDERATION_RULE_ID", "rule")
                .runJob("env");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .doesNotContain("CODEX_API_KEY", "CODEX_ACCESS_TOKEN", "OPENAI_FEDERATION_RULE_ID", "CODEX_AUTH_");
    }

    /**
     * Left in the environment, the first would end every mode but the last with an error, even if it is empty
     * (0.171.0).
     */
    @Test
    void whatNewerVersionsKnowOfWorkloadIdentityIsTakenOutOfTheJobsEnvironmentToo() {
        allowOtherCredentials();
        cli.seed(standIn.newLogin(Duration.ofDays(9)));
        Cli machine = cli.with("OPENAI_IDENTITY_TOKEN_SOURCE", "spiffe")
                .with("OPENAI_SPIFFE_AUDIENCE", "somebody")
                .with("OPENAI_SPIFFE_ID", "spiffe://example.org/somebody")
                .with("SPIFFE_ENDPOINT_SOCKET", "unix:///run/spire.sock");
        String key = standIn.newApiKey();

        Result login = machine.runCodex();
        Result apiKey = machine.with("CODEX_AUTH_API_KEY", key).run(args());
        Result identity = machine.run(
                "run",
                "--federation-rule",
                "rule-1",
                "--identity-token-file",
                cli.write("identity-token", "eyJ").toString(),
                "--",
                "sh",
                "-c",
                "env; codex exec --skip-git-repo-check 'say done' 2>&1");

        assertThat(login.exitCode()).as(login.toString()).isZero();
        assertThat(apiKey.exitCode()).as(apiKey.toString()).isZero();
        assertThat(standIn.events(ModelCall.class)).last().isEqualTo(new ModelCall(key, 200));
        // It takes no other address than OpenAI's own, so a stand-in sees no more of it than that it was chosen.
        assertThat(identity.out())
                .contains("workload identity auth supports only trusted production")
                .doesNotContain("SPIFFE", "OPENAI_IDENTITY_TOKEN_SOURCE");
    }

    @Test
    void aSocketThatMachinesHaveForOtherPurposesIsNoSecondCredential() {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));

        Result result =
                cli.with("SPIFFE_ENDPOINT_SOCKET", "unix:///run/spire.sock").runJob("env");
        Result refused =
                cli.with("OPENAI_SPIFFE_ID", "spiffe://example.org/somebody").runJob("env");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).doesNotContain("SPIFFE");
        assertThat(refused.exitCode()).isEqualTo(77);
        assertThat(refused.err()).contains("OPENAI_SPIFFE_ID");
    }

    private void allowOtherCredentials() {
        cli.write("policy.yaml", """
                version: 1
                job-may-write-policy: true
                allow-other-credentials: true
                allow: [{platform: none}]
                """);
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
