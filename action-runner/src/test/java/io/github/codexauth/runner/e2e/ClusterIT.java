package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.stores.kubernetes.Manifests;
import io.github.codexauth.stores.remote.CuttingProxy;
import io.github.codexauth.testing.RealKubernetes;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Runners that share a cluster and nothing else, with the real Codex and the rights that {@code store init} prints. */
class ClusterIT extends ServerStoreIT {
    private RealKubernetes cluster;
    private String namespace;
    private Path token;
    private CuttingProxy way;

    @Override
    Cli withStore(Cli machine) throws Exception {
        cluster = RealKubernetes.shared();
        namespace = cluster.namespace();
        token = machine.write("admin-token", "admins-secret");
        Result prepared = machine.run(
                "store", "init", "--store", address(cluster.port()), "--id", "ci", "--runner-role", "runner");
        assertThat(prepared.exitCode()).as(prepared.toString()).isZero();
        Manifests.parse(prepared.out()).applyTo(cluster);
        token = machine.write("token", cluster.token(namespace, "runner"));
        return machine.with("CODEX_AUTH_STORE", address(cluster.port()));
    }

    private String address(int port) {
        return "k8s://" + namespace + "/codex-auth?server=https://127.0.0.1:" + port + "&ca=" + cluster.authority()
                + "&token=" + token + "&plaintext=allowed";
    }

    @Override
    JsonNode storedRecord() throws Exception {
        return new JsonMapper()
                .readTree(cluster.get(RealKubernetes.secrets(namespace) + "/codex-auth.ci")
                        .at("/data/current")
                        .binaryValue());
    }

    @Override
    void letLeasesEnd() throws Exception {
        cluster.letPass(namespace, Duration.ofSeconds(66));
    }

    /** The cluster is other tests' too. */
    @Override
    Cli whoWillBeCutOff(Cli machine) throws Exception {
        way = new CuttingProxy(cluster.port());
        return machine.with("CODEX_AUTH_STORE", address(way.port()));
    }

    @Override
    void goAway() throws Exception {
        way.close();
    }

    @Override
    void comeBack() {}

    /** Other tests come before and after. */
    @Override
    void killServer() {
        cluster.down();
        cluster.up();
    }

    @Override
    Runnable backUp() {
        return cluster.backUp();
    }

    @Override
    String[] whatIsSaidThen() {
        return new String[] {"the API server of", "cannot be reached"};
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
}
