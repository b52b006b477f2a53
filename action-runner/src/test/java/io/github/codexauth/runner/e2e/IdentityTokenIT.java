package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.IdentityService;
import io.github.codexauth.testing.Result;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workload identity with a token of GitHub's service, for which a server on loopback stands in. */
class IdentityTokenIT extends OnOneMachine {
    /** So short that it ends while a job waits for that. */
    private static final Duration LIFE = Duration.ofSeconds(3);

    private static final String AUDIENCE = "https://api.openai.com/v1";

    /** Prints the token, and once another has taken its place, that one. */
    private static final String UNTIL_IT_IS_NEW = """
            first=$(cat "$OPENAI_IDENTITY_TOKEN_FILE")
            stat -c %a "$OPENAI_IDENTITY_TOKEN_FILE" "${OPENAI_IDENTITY_TOKEN_FILE%/*}"
            until [ "$(cat "$OPENAI_IDENTITY_TOKEN_FILE")" != "$first" ]; do sleep 0.05; done
            cat "$CODEX_HOME/config.toml"
            echo "rule=$OPENAI_FEDERATION_RULE_ID file=$OPENAI_IDENTITY_TOKEN_FILE"
            """;

    private final IdentityService service = new IdentityService(LIFE);

    @AfterEach
    void stopService() {
        service.close();
    }

    private Cli job() {
        return cli.inGitHubActions()
                .with("ACTIONS_ID_TOKEN_REQUEST_URL", service.requestUrl())
                .with("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "request-token")
                .with("CODEX_AUTH_FEDERATION_RULE", "rule-1")
                .with("CODEX_AUTH_IDENTITY_AUDIENCE", AUDIENCE);
    }

    @Test
    void aTokenThatEndsWhileTheJobRunsIsRenewedInItsFile() {
        Result result = job().run("run", "--", "sh", "-c", UNTIL_IT_IS_NEW);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(service.asked())
                .hasSizeGreaterThan(1)
                .allMatch("api-version=2&audience=https%3A%2F%2Fapi.openai.com%2Fv1 Bearer request-token"::equals);
        assertThat(result.out()).startsWith("600\n700\n").contains("rule=rule-1");
        for (String token : service.issued().subList(0, 2)) {
            assertThat(result.err()).contains("::add-mask::" + token + "\n");
        }
    }

    @Test
    void theModelsCommandsMayReadNeitherTheFileNorWhatTakesItsPlace() {
        Result result = job().run("run", "--", "sh", "-c", UNTIL_IT_IS_NEW);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        String file =
                result.out().lines().reduce((one, next) -> next).orElseThrow().replaceAll(".* file=", "");
        String folder = file.substring(0, file.lastIndexOf('/'));
        assertThat(result.out().replace('"', '\'')).contains("'" + folder + "' = 'deny'");
        assertThat(this.folder.resolve("state/codex-auth/scratch")).isEmptyDirectory();
    }

    @Test
    void whileNoNewTokenCanBeHadTheJobKeepsTheOldOneAndThatIsSaid() {
        service.answerOnly(1);
        String fifo = cli.makeFifo();
        var running = job().start(
                        "run", "--", "sh", "-c", "read go < " + fifo + "; cat \"$OPENAI_IDENTITY_TOKEN_FILE\" | wc -c");

        running.awaitOutput(
                "warning: the identity token is not renewed: GitHub's token service answered with status 503");
        cli.openFifo();
        Result result = running.result();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out().strip())
                .isEqualTo(String.valueOf(service.issued().get(0).length()));
    }

    @Test
    void aJobWithoutThePermissionIsToldWhatToWrite() {
        Result result = job().without("ACTIONS_ID_TOKEN_REQUEST_TOKEN").run("run", "--", "true");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(78);
        assertThat(result.err())
                .contains(
                        "error: there is no identity token to sign in with: the job has no permission 'id-token: write'",
                        "hint: give the job one: permissions: id-token: write");
    }

    @Test
    void outsideOfGitHubAFileIsAskedFor() {
        Result result = cli.run("run", "--federation-rule", "rule-1", "--identity-audience", AUDIENCE, "--", "true");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(78);
        assertThat(result.err()).contains("hint: keep one in a file, and name that: --identity-token-file FILE");
    }

    @Test
    void aFileAndAnAudienceAreTwoWaysToTheSame() {
        Result result = job().run("run", "--identity-token-file", "/run/token", "--", "true");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(64);
        assertThat(result.err()).contains("--identity-token-file", "CODEX_AUTH_IDENTITY_AUDIENCE");
    }
}
