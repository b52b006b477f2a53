package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

    private final List<String> issued = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile int answersLeft = Integer.MAX_VALUE;
    private HttpServer service;

    @BeforeEach
    void startService() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/token", this::answer);
        service.start();
    }

    @AfterEach
    void stopService() {
        service.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().getRawQuery() + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        boolean given = answersLeft-- > 0;
        Instant now = Instant.now();
        String token = new PlainJWT(new JWTClaimsSet.Builder()
                        .jwtID("token-" + asked.size())
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(LIFE)))
                        .build())
                .serialize();
        byte[] body = (given ? "{\"count\":1,\"value\":\"" + token + "\"}" : "{}").getBytes(StandardCharsets.UTF_8);
        if (given) {
            issued.add(token);
        }
        exchange.sendResponseHeaders(given ? 200 : 503, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Cli job() {
        return cli.inGitHubActions()
                .with(
                        "ACTIONS_ID_TOKEN_REQUEST_URL",
                        "http://127.0.0.1:" + service.getAddress().getPort() + "/token?api-version=2")
                .with("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "request-token")
                .with("CODEX_AUTH_FEDERATION_RULE", "rule-1")
                .with("CODEX_AUTH_IDENTITY_AUDIENCE", AUDIENCE);
    }

    @Test
    void aTokenThatEndsWhileTheJobRunsIsRenewedInItsFile() {
        Result result = job().run("run", "--", "sh", "-c", UNTIL_IT_IS_NEW);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(asked)
                .hasSizeGreaterThan(1)
                .allMatch("api-version=2&audience=https%3A%2F%2Fapi.openai.com%2Fv1 Bearer request-token"::equals);
        assertThat(result.out()).startsWith("600\n700\n").contains("rule=rule-1");
        for (String token : issued.subList(0, 2)) {
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
        answersLeft = 1;
        String fifo = cli.makeFifo();
        var running = job().start(
                        "run", "--", "sh", "-c", "read go < " + fifo + "; cat \"$OPENAI_IDENTITY_TOKEN_FILE\" | wc -c");

        running.awaitOutput(
                "warning: the identity token is not renewed: GitHub's token service answered with status 503");
        cli.openFifo();
        Result result = running.result();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out().strip()).isEqualTo(String.valueOf(issued.get(0).length()));
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
