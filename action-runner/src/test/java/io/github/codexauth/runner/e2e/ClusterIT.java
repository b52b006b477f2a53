package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.runner.storage.kubernetes.Manifests;
import io.github.codexauth.runner.storage.remote.CuttingProxy;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.RealKubernetes;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runners that share a cluster and nothing else, with the real Codex and the rights that {@code store init} prints. */
class ClusterIT extends OnOneMachine {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private RealKubernetes cluster;
    private String namespace;
    private Path token;
    private Login login;

    @BeforeEach
    void storeWithALogin() throws Exception {
        cluster = RealKubernetes.shared();
        namespace = cluster.namespace();
        token = cli.write("admin-token", "admins-secret");
        Result prepared =
                cli.run("store", "init", "--store", address(cluster.port()), "--id", "ci", "--runner-role", "runner");
        assertThat(prepared.exitCode()).as(prepared.toString()).isZero();
        Manifests.parse(prepared.out()).applyTo(cluster);
        token = cli.write("token", cluster.token(namespace, "runner"));
        cli = cli.with("CODEX_AUTH_STORE", address(cluster.port()));
        standIn.accessTokensLast(Duration.ofMinutes(30));
        login = standIn.newLogin(Duration.ofMinutes(30));
        cli.seed(login);
    }

    private String address(int port) {
        return "k8s://" + namespace + "/codex-auth?server=https://127.0.0.1:" + port + "&ca=" + cluster.authority()
                + "&token=" + token + "&plaintext=allowed";
    }

    @AfterEach
    void noTokenWasUsedTwiceAndTheNewestIsStored() throws Exception {
        assertThat(standIn.events(Reused.class)).isEmpty();
        assertThat(storedRefreshToken()).isEqualTo(login.current().refreshToken());
    }

    private String storedRefreshToken() throws Exception {
        JsonMapper mapper = new JsonMapper();
        JsonNode record = mapper.readTree(cluster.get(RealKubernetes.secrets(namespace) + "/codex-auth.ci")
                .at("/data/current")
                .binaryValue());
        return mapper.readTree(record.path("authJson").binaryValue())
                .path("tokens")
                .path("refresh_token")
                .asText();
    }

    /**
     * Each with homes of its own, as in pods of their own. Its jobs have the whole login, of which a store
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
    void theTokenIsSeenByNeitherTheJobNorAnybodyWhoReadsTheLog() throws Exception {
        String secret = Files.readString(token);
        Result result =
                cli.runJob("sh", "-c", "env; tr '\\0' '\\n' < /proc/$PPID/environ; tr '\\0' ' ' < /proc/$PPID/cmdline");
        Result status = cli.run("status");
        Result doctor = cli.run("doctor");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("CODEX_HOME=");
        assertThat(Stream.of(result, status, doctor).map(Result::toString)).noneMatch(all -> all.contains(secret));
        assertThat(status.out()).contains("store k8s://" + namespace + "/codex-auth of 127.0.0.1:" + cluster.port());
        assertThat(doctor.out())
                .contains("'ci' is free and can be written", "logins lie unencrypted on the store's server");
    }

    @Test
    void aTokenThatIsReplacedDuringAJobIsTheOneThatCounts() throws Exception {
        String refreshes = String.join(" ", Cli.codexExec()).replace("say done", "'say done'");
        Running holder =
                machine(1).start(Cli.job("sh", "-c", "echo has-it; read go < " + cli.makeFifo() + "; " + refreshes));
        holder.awaitOutput("has-it");
        standIn.endAccessTokens();
        cli.write("token", cluster.token(namespace, "runner"));
        cluster.delete("/api/v1/namespaces/" + namespace + "/serviceaccounts/nobody");
        cli.openFifo();

        Result result = holder.result();

        assertThat(result.exitCode()).as(result.toString()).isZero();
    }

    @Test
    void aRightThatIsMissingEndsTheRunWithItsName() {
        cluster.delete(
                "/apis/rbac.authorization.k8s.io/v1/namespaces/" + namespace + "/rolebindings/runner-codex-auth");

        Result result = cli.runJob("true");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(69);
        assertThat(result.err())
                .contains("lacks the right get on leases 'codex-auth--line' in namespace '" + namespace + "'");
    }

    @Test
    void whoeverWaitsGetsTheLoginOfAKilledHolderOnceItsLeaseHasEnded() {
        Running holder = machine(1).start(Cli.job("sh", "-c", "echo has-it; sleep 300"));
        holder.awaitOutput("has-it");
        Running next = machine(2).start("run", "--id", "ci", "--wait", "5m", "--", "echo", "my turn");
        next.awaitOutput("waiting: ");

        holder.killEverything();
        cluster.letPass(namespace, Duration.ofSeconds(66));

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
        cluster.letPass(namespace, Duration.ofSeconds(66));
        Result next = machine(2).run("run", "--id", "ci", "--timeout", "1m", "--", "echo", "my turn");

        signal("CONT", holder);

        Result result = holder.result();
        assertThat(next.out()).contains("my turn");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).contains("after its lease had ended");
    }

    @Test
    void aServerThatIsAwayFromTheRefreshToTheEndCostsTheJobItsSaveAndNoLogin() throws Exception {
        String refreshes = String.join(" ", Cli.codexExec()).replace("say done", "'say done'");
        Result lost;
        try (CuttingProxy proxy = new CuttingProxy(cluster.port())) {
            Running holder = machine(1)
                    .with("CODEX_AUTH_STORE", address(proxy.port()))
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
            proxy.close();
            cli.openFifo();
            lost = holder.result();
        }
        cluster.letPass(namespace, Duration.ofSeconds(66));
        Result next = machine(1).runJob("true");

        assertThat(lost.exitCode()).as(lost.toString()).isEqualTo(74);
        assertThat(lost.err()).contains("the API server of", "cannot be reached", "put aside in");
        assertThat(next.exitCode()).as(next.toString()).isZero();
    }

    @Test
    void theHalvesOfRunLeaveTheLeaseInTheClusterBetweenThem() {
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
