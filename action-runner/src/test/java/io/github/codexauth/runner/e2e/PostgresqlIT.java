package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.runner.storage.postgresql.RealPostgresql;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runners that share a database and nothing else, with the real Codex. */
class PostgresqlIT extends OnOneMachine {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private RealPostgresql server;
    private Login login;

    @BeforeEach
    void storeWithALogin() {
        server = RealPostgresql.start();
        Result prepared = cli.with("CODEX_AUTH_STORE_PASSWORD", RealPostgresql.OWNER_PASSWORD)
                .run("store", "init", "--store", server.address("owner"), "--runner-role", "runner");
        assertThat(prepared.exitCode()).as(prepared.toString()).isZero();
        prepared.out().lines().forEach(server::admin);
        cli = cli.with("CODEX_AUTH_STORE", server.address("runner"))
                .with("CODEX_AUTH_STORE_PASSWORD", RealPostgresql.RUNNER_PASSWORD);
        standIn.accessTokensLast(Duration.ofMinutes(30));
        login = standIn.newLogin(Duration.ofMinutes(30));
        cli.seed(login);
    }

    @AfterEach
    void noTokenWasUsedTwiceAndTheNewestIsStored() throws Exception {
        try {
            assertThat(standIn.events(Reused.class)).isEmpty();
            JsonNode record = new JsonMapper()
                    .readTree(new String(
                            Base64.getMimeDecoder()
                                    .decode(server.ask("SELECT encode(record, 'base64') FROM codex_auth.credential")),
                            StandardCharsets.UTF_8));
            JsonNode stored = new JsonMapper().readTree(record.path("authJson").binaryValue());
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
    void thePasswordIsSeenByNeitherTheJobNorAnybodyWhoReadsTheLog() {
        Result result =
                cli.runJob("sh", "-c", "env; tr '\\0' '\\n' < /proc/$PPID/environ; tr '\\0' ' ' < /proc/$PPID/cmdline");
        Result status = cli.run("status");
        Result doctor = cli.run("doctor");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("CODEX_HOME=");
        assertThat(Stream.of(result, status, doctor).map(Result::toString))
                .noneMatch(all -> all.contains(RealPostgresql.RUNNER_PASSWORD));
        assertThat(status.out()).contains("store postgresql://runner@127.0.0.1:" + server.port() + "/codex");
        assertThat(doctor.out())
                .contains(
                        "'ci' is free and can be written",
                        "logins lie unencrypted on the store's server",
                        "sslmode=disable does not prove");
    }

    @Test
    void whoeverWaitsGetsTheLoginOfAKilledHolderOnceItsLeaseHasEnded() {
        Running holder = machine(1).start(Cli.job("sh", "-c", "echo has-it; sleep 300"));
        holder.awaitOutput("has-it");
        Running next = machine(2).start("run", "--id", "ci", "--wait", "5m", "--", "echo", "my turn");
        next.awaitOutput("waiting: ");

        holder.killEverything();
        server.letPass("61 seconds");

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
        server.letPass("61 seconds");
        Result next = machine(2).run("run", "--id", "ci", "--timeout", "1m", "--", "echo", "my turn");

        signal("CONT", holder);

        Result result = holder.result();
        assertThat(next.out()).contains("my turn");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).contains("after its lease had ended");
    }

    @Test
    void aDatabaseThatIsDownFromTheRefreshToTheEndCostsTheJobItsSaveAndNoLogin() {
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
        server.down();
        cli.openFifo();

        Result lost = holder.result();
        server.up();
        server.letPass("61 seconds");
        Result next = machine(1).runJob("true");

        assertThat(lost.exitCode()).as(lost.toString()).isEqualTo(74);
        assertThat(lost.err()).contains("the PostgreSQL server of", "cannot be reached", "put aside in");
        assertThat(next.exitCode()).as(next.toString()).isZero();
    }

    @Test
    void theHalvesOfRunLeaveTheLeaseInTheDatabaseBetweenThem() {
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

    private static void signal(String name, Running running) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(running.handle().pid()))
                .start()
                .waitFor();
    }
}
