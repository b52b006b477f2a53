package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpServer;
import io.github.codexauth.runner.storage.vault.VaultStandIn;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runners that share a Vault and nothing else, with the real Codex: what they show to it is their job's signed token.
 */
class VaultIT extends OnOneMachine {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String SIGNED_TOKEN = "the-signed-token-of-a-job";
    private static final JsonMapper JSON = new JsonMapper();

    private VaultStandIn server;
    private Login login;

    @BeforeEach
    void storeWithALogin() {
        server = VaultStandIn.start();
        Result prepared = cli.with("CODEX_AUTH_STORE_PASSWORD", VaultStandIn.ROOT)
                .run("store", "init", "--store", server.address(""), "--id", "ci");
        assertThat(prepared.exitCode()).as(prepared.toString()).isZero();
        server.policy("runner", prepared.out());
        server.role("jwt", "codex", SIGNED_TOKEN, "runner", Duration.ofHours(1), false);
        cli = cli.with("CODEX_AUTH_STORE", server.address("role=codex"))
                .with("CODEX_AUTH_STORE_PASSWORD", SIGNED_TOKEN);
        standIn.accessTokensLast(Duration.ofMinutes(30));
        login = standIn.newLogin(Duration.ofMinutes(30));
        cli.seed(login);
    }

    @AfterEach
    void noTokenWasUsedTwiceAndTheNewestIsStored() throws Exception {
        try {
            assertThat(standIn.events(Reused.class)).isEmpty();
            String record = server.content("codex-auth/logins/ci")
                    .orElseThrow()
                    .path("current")
                    .asText();
            JsonNode stored =
                    JSON.readTree(JSON.readTree(record).path("authJson").binaryValue());
            assertThat(stored.path("tokens").path("refresh_token").asText())
                    .isEqualTo(login.current().refreshToken());
        } finally {
            server.close();
        }
    }

    /**
     * Each with homes of its own, as on machines that share no disk. Its jobs have the whole login, of which a store
     * could lose more.
     */
    private Cli machine(int number) {
        return cli.giving("all")
                .with(
                        "CODEX_AUTH_HOMES",
                        folder.resolve("state/homes-" + number).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "access", "nothing"})
    void jobsTakeTurnsOnOneLoginAndWhatIsRefreshedForEachIsSaved(String give) {
        String[] job = Stream.concat(Stream.of("run", "--id", "ci", "--wait", "5m", "--"), Stream.of(Cli.codexExec()))
                .toArray(String[]::new);
        // So short that each job begins with a refresh, at every level.
        standIn.accessTokensLast(Duration.ofMinutes(8));
        standIn.endAccessTokens();
        List<Running> jobs =
                Stream.of(1, 2, 3).map(i -> machine(i).giving(give).start(job)).toList();

        assertThat(jobs.stream().map(Running::result))
                .allSatisfy(result ->
                        assertThat(result.exitCode()).as(result.toString()).isZero());
        assertThat(standIn.rotations()).isEqualTo(3);
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

    @Test
    void whoeverWaitsGetsTheLoginOfAKilledHolderOnceItsLeaseHasEnded() {
        Running holder = machine(1).start(Cli.job("sh", "-c", "echo has-it; sleep 300"));
        holder.awaitOutput("has-it");
        Running next = machine(2).start("run", "--id", "ci", "--wait", "5m", "--", "echo", "my turn");
        next.awaitOutput("waiting: ");

        holder.killEverything();
        server.letPass(Duration.ofSeconds(66));

        assertThat(next.result().out()).contains("my turn");
    }

    /** The one case in which a lease alone would lose the login: its holder sleeps while its Codex refreshes. */
    @Test
    void aHelperThatIsStoppedForLongerThanItsLeaseSavesWhatItsCodexRefreshedMeanwhile() throws Exception {
        String refreshes = String.join(" ", Cli.codexExec("--color=never")).replace("say done", "'say done'");
        Running holder = machine(1)
                .start(
                        "run",
                        "--id",
                        "ci",
                        "--timeout",
                        "1m",
                        "--",
                        "sh",
                        "-c",
                        "echo has-it; read go < " + cli.makeFifo() + "; " + refreshes + "; echo refreshed; sleep 2");
        holder.awaitOutput("has-it");
        standIn.endAccessTokens();
        int before = standIn.rotations();
        signal("STOP", holder);
        cli.openFifo();
        await().atMost(PATIENCE).until(() -> standIn.rotations() > before);
        server.letPass(Duration.ofSeconds(66));
        Result next = machine(2).run("run", "--id", "ci", "--timeout", "1m", "--", "echo", "my turn");

        signal("CONT", holder);

        Result result = holder.result();
        assertThat(next.out()).contains("my turn");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).contains("after its lease had ended");
    }

    @Test
    void aServerThatIsSealedFromTheRefreshToTheEndCostsTheJobItsSaveAndNoLogin() {
        String refreshes = String.join(" ", Cli.codexExec()).replace("say done", "'say done'");
        Running holder = machine(1)
                .start(
                        "run",
                        "--id",
                        "ci",
                        "--timeout",
                        "1m",
                        "--",
                        "sh",
                        "-c",
                        "echo has-it; read go < " + cli.makeFifo() + "; " + refreshes);
        holder.awaitOutput("has-it");
        standIn.endAccessTokens();
        server.seal();
        cli.openFifo();

        Result lost = holder.result();
        server.unseal();
        server.letPass(Duration.ofSeconds(66));
        Result next = machine(1).runJob("true");

        assertThat(lost.exitCode()).as(lost.toString()).isEqualTo(74);
        assertThat(lost.err()).contains("the server of vault://kv/codex-auth", "is sealed", "put aside in");
        assertThat(next.exitCode()).as(next.toString()).isZero();
    }

    @Test
    void theHalvesOfRunLeaveTheLeaseAtTheServerBetweenThem() {
        String home = TwoHalvesIT.home(cli.run("restore", "--id", "ci", "--timeout", "1m"));
        standIn.endAccessTokens();
        String refreshes = String.join(" ", Cli.codexExec()).replace("say done", "'say done'");
        cli.with("CODEX_HOME", home).shell(refreshes);

        Result busy = cli.runJob("true");
        Result persisted = cli.with("CODEX_HOME", home).run("persist", "--json");

        assertThat(busy.exitCode()).as(busy.toString()).isEqualTo(75);
        assertThat(busy.err()).contains("at the latest until ", "codex-auth unlock --id ci");
        assertThat(persisted.exitCode()).as(persisted.toString()).isZero();
        assertThat(persisted.out()).contains("\"refreshed\" : true");
        assertThat(cli.runJob("true").exitCode()).isZero();
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

    private static void signal(String name, Running running) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(running.handle().pid()))
                .start()
                .waitFor();
    }
}
