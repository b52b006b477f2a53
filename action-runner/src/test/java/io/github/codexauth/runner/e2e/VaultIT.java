package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpServer;
import io.github.codexauth.stores.vault.VaultStandIn;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Runners that share a Vault and nothing else, with the real Codex: what they show to it is their job's signed token.
 */
class VaultIT extends ServerStoreIT {
    private static final String SIGNED_TOKEN = "the-signed-token-of-a-job";
    private static final JsonMapper JSON = new JsonMapper();

    private VaultStandIn server;

    @Override
    Cli withStore(Cli machine) {
        server = VaultStandIn.start();
        Result prepared = machine.with("CODEX_AUTH_STORE_PASSWORD", VaultStandIn.ROOT)
                .run("store", "init", "--store", server.address(""), "--id", "ci");
        assertThat(prepared.exitCode()).as(prepared.toString()).isZero();
        server.policy("runner", prepared.out());
        server.role("jwt", "codex", SIGNED_TOKEN, "runner", Duration.ofHours(1), false);
        return machine.with("CODEX_AUTH_STORE", server.address("role=codex"))
                .with("CODEX_AUTH_STORE_PASSWORD", SIGNED_TOKEN);
    }

    @Override
    JsonNode storedRecord() throws Exception {
        return JSON.readTree(server.content("codex-auth/logins/ci")
                .orElseThrow()
                .path("current")
                .asText());
    }

    @Override
    void letLeasesEnd() {
        server.letPass(Duration.ofSeconds(66));
    }

    @Override
    void goAway() {
        server.seal();
    }

    @Override
    void comeBack() {
        server.unseal();
    }

    @Override
    Runnable backUp() {
        return server.backUp();
    }

    @Override
    String[] whatIsSaidThen() {
        return new String[] {"the server of vault://kv/codex-auth", "is sealed"};
    }

    @Override
    void stopServer() {
        server.close();
    }

    @Test
    void theSignedTokenIsSeenByNeitherTheJobNorAnybodyWhoReadsTheLog() {
        Result result =
                cli.runJob("sh", "-c", "env; tr '\\0' '\\n' < /proc/$PPID/environ; tr '\\0' ' ' < /proc/$PPID/cmdline");
        Result status = cli.run("status");
        Result doctor = cli.run("doctor");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("CODEX_HOME=");
        assertThat(Stream.of(result, status, doctor).map(Result::toString))
                .noneMatch(all -> all.contains(SIGNED_TOKEN));
        assertThat(status.out()).contains("store vault://kv/codex-auth of 127.0.0.1:" + server.port());
        assertThat(doctor.out()).contains("'ci' is free and can be written").doesNotContain("unencrypted");
    }

    /** What an example says of its one job: the store, what signs in to it, and the command. */
    private record Example(JsonNode variables, String script) {
        static Example github() throws IOException {
            JsonNode step = read("github-actions/vault.yml").at("/jobs/fix/steps/1");
            return new Example(step.path("env"), step.path("run").asText());
        }

        static Example gitlab() throws IOException {
            JsonNode job = read("gitlab/vault.gitlab-ci.yml").path("codex");
            assertThat(job.path("id_tokens").has("CODEX_AUTH_STORE_PASSWORD")).isTrue();
            return new Example(job.path("variables"), job.at("/script/0").asText());
        }

        private static JsonNode read(String file) throws IOException {
            Path repository = Path.of(System.getProperty("codexauth.repository", ".."));
            return new YAMLMapper()
                    .readTree(repository.resolve("examples").resolve(file).toFile());
        }
    }

    /** A login for the credential that the examples name, and their store at the stand-in. */
    private Cli machineOf(Example example) {
        String printed = cli.with("CODEX_AUTH_STORE_PASSWORD", VaultStandIn.ROOT)
                .run("store", "init", "--store", server.address(""), "--id", "codex-ci")
                .out();
        server.policy("runner", server.policy("runner") + printed);
        server.role("jwt", "codex-auth-runner", SIGNED_TOKEN, "runner", Duration.ofHours(1), false);
        standIn.accessTokensLast(Duration.ofDays(9));
        Path seed = cli.write("seed.json", standIn.newLogin(Duration.ofDays(9)).authJson());
        Cli machine = cli.with(
                "CODEX_AUTH_STORE",
                example.variables()
                        .path("CODEX_AUTH_STORE")
                        .asText()
                        .replace("https://vault.example.com:8200", "http://127.0.0.1:" + server.port()));
        assertThat(machine.run("seed", "--id", "codex-ci", "--seed-file", seed.toString())
                        .exitCode())
                .isZero();
        return machine.without("CODEX_AUTH_STORE_PASSWORD").without("CODEX_AUTH_POLICY");
    }

    private static Result run(Example example, Cli machine) {
        return machine.shell("git init -q . && " + example.script().replace("codex-auth run", "\"$0\" run"));
    }

    @Test
    void theExampleForGitHubSignsInWithTheTokenThatGitHubsServiceGivesTheJob() throws Exception {
        Example example = Example.github();
        HttpServer service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/token", exchange -> {
            boolean asked =
                    "bearer of-the-job".equals(exchange.getRequestHeaders().getFirst("Authorization"))
                            && "v=1&audience=https://vault.example.com"
                                    .equals(exchange.getRequestURI().getQuery());
            byte[] answer = ("{\"value\": \"" + SIGNED_TOKEN + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(asked ? 200 : 403, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        service.start();
        try {
            Cli machine = machineOf(example)
                    .inGitHubActions()
                    .with(
                            "CODEX_AUTH_STORE_PASSWORD_COMMAND",
                            example.variables()
                                    .path("CODEX_AUTH_STORE_PASSWORD_COMMAND")
                                    .asText())
                    .with("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of-the-job")
                    .with(
                            "ACTIONS_ID_TOKEN_REQUEST_URL",
                            "http://127.0.0.1:" + service.getAddress().getPort() + "/token?v=1");

            Result result = run(example, machine);

            assertThat(result.exitCode()).as(result.toString()).isZero();
            assertThat(result.out()).contains("done");
        } finally {
            service.stop(0);
        }
    }

    @Test
    void theExampleForGitLabSignsInWithTheTokenThatGitLabGivesTheJob() throws Exception {
        Example example = Example.gitlab();
        Cli machine = machineOf(example)
                .with("CODEX_AUTH_STORE_PASSWORD", SIGNED_TOKEN)
                .with("GITLAB_CI", "true")
                .with("CI_PROJECT_ID", "7")
                .with("CI_PROJECT_PATH", "acme/app")
                .with("CI_PROJECT_VISIBILITY", "private")
                .with("CI_PIPELINE_SOURCE", "push")
                .with("CI_COMMIT_REF_NAME", "main")
                .with("CI_COMMIT_BRANCH", "main")
                .with("CI_COMMIT_REF_PROTECTED", "true")
                .with("GITLAB_USER_LOGIN", "octo")
                .with("CI_SERVER_HOST", "gitlab.example.com")
                .with("CI_RUNNER_TAGS", "[\"codex\"]");

        Result result = run(example, machine);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("done");
    }
}
