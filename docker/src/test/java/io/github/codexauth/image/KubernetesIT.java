package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.testing.RealKubernetes;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The manifests in {@code examples/kubernetes}, run as a kubelet runs them. */
class KubernetesIT extends InContainers {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("codexauth.repository", ".."), "examples/kubernetes");

    private static final String RUN =
            "[run, --id, codex-ci, --wait, 15m, --timeout, 110m, --, codex, exec, fix the failing test]";

    private final Login login = standIn.newLogin(Duration.ofHours(-1));

    @BeforeEach
    void aRepository() throws IOException, InterruptedException {
        write("repository/README.md", "hello\n", "rw-r--r--");
        // The user of the manifests, since git takes nothing from a folder of another one.
        String script = "git init -q -b main . && git add . && git -c user.name=a -c user.email=a@b commit -qm first"
                + " && chown -R 10001 .";
        assertThat(new ProcessBuilder("sh", "-c", script)
                        .directory(folder.resolve("repository").toFile())
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void aJobRunsCodexInItsCheckoutAndSoDoesTheNextOneOnTheSameVolume() throws IOException {
        Kubelet kubelet = kubelet();

        Result first = kubelet.run(manifest("volume-job.yaml"));
        standIn.endAccessTokens();
        Result second = kubelet.run(manifest("volume-job.yaml"));

        assertThat(first.exitCode()).as(first.toString()).isZero();
        assertThat(first.out()).isEqualTo("done\n");
        assertThat(second.exitCode()).as(second.toString()).isZero();
        assertThat(second.err()).contains("Codex refreshed the login; it is stored as generation 3");
    }

    @Test
    void theKeepAliveMayComeBeforeTheFirstJob() throws IOException {
        Kubelet kubelet = kubelet();

        Result result = kubelet.run(manifest("volume-keepalive.yaml"));
        Result job = kubelet.run(manifest("volume-job.yaml"));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(job.exitCode()).as(job.toString()).isZero();
    }

    /** The one pod is gone with its disks when the next one comes: what is left is in the cluster. */
    @Test
    void aJobWhoseLoginLiesInTheClusterRunsCodexAndSavesWhatItRefreshed() throws Exception {
        RealKubernetes cluster = RealKubernetes.shared();
        String namespace = cluster.namespace();
        cluster.allowAll(namespace);
        Kubelet kubelet = kubelet()
                .with("codex-auth-runner", "token", cluster.token(namespace, "runner"))
                .with("codex-auth-runner", "ca.crt", Files.readString(cluster.authority()))
                .with(
                        "codex-auth-identity",
                        "identity.txt",
                        AtRest.newKeyPair().identity().reveal() + "\n")
                .with("codex-auth-identity", "auth.json", new String(login.authJson(), StandardCharsets.UTF_8));

        Result seeded = kubelet.run(inCluster(
                cluster, namespace, RUN, "[seed, --id, codex-ci, --seed-file, /run/secrets/codex-auth/auth.json]"));
        Result first = kubelet.run(inCluster(cluster, namespace, RUN, RUN));
        standIn.endAccessTokens();
        Result second = kubelet.run(inCluster(cluster, namespace, RUN, RUN));

        assertThat(seeded.exitCode()).as(seeded.toString()).isZero();
        assertThat(first.exitCode()).as(first.toString()).isZero();
        assertThat(first.out()).isEqualTo("done\n");
        assertThat(second.exitCode()).as(second.toString()).isZero();
        assertThat(second.err()).contains("Codex refreshed the login; it is stored as generation 3");
        String record = new String(
                cluster.get(RealKubernetes.secrets(namespace) + "/codex-auth.codex-ci")
                        .at("/data/current")
                        .binaryValue(),
                StandardCharsets.UTF_8);
        assertThat(record).contains("\"encryption\" : \"age\"");
    }

    /** The job with other words, and with the address of a server that is at another port than a cluster's. */
    private Path inCluster(RealKubernetes cluster, String namespace, String words, String others) throws IOException {
        String yaml = Files.readString(manifest("job.yaml"));
        String folder = Kubelet.SERVICE_ACCOUNT_FOLDER;
        assertThat(yaml).contains(words, "k8s://ci/codex-auth");
        return write(
                "job.yaml",
                yaml.replace(words, others)
                        .replace(
                                "k8s://ci/codex-auth",
                                "k8s://" + namespace + "/codex-auth?server=https://127.0.0.1:" + cluster.port() + "&ca="
                                        + folder + "/ca.crt&token=" + folder + "/token"),
                "rw-r--r--");
    }

    private Kubelet kubelet() {
        List<String> more = standInOptions().stream()
                // Elsewhere than in the folder of the policy, which is read-only here.
                .map(option -> option.replace("/etc/codex-auth/config.toml", "/stand-in/config.toml"))
                .collect(Collectors.toCollection(ArrayList::new));
        more.add("--volume=" + folder.resolve("repository") + ":/repository:ro");
        return new Kubelet(engine, name, folder, more)
                .with("codex-auth-json", "auth.json", new String(login.authJson(), StandardCharsets.UTF_8))
                // volume-keepalive.yaml uses the one of volume-job.yaml.
                .with("codex-auth-policy", "policy.yaml", "version: 1\nallow:\n  - platform: none\n");
    }

    /** As it is in the repository, but for the address of the checkout. */
    private Path manifest(String file) throws IOException {
        String yaml = Files.readString(EXAMPLES.resolve(file));
        return write(file, yaml.replace("https://git.example.com/acme/app.git", "file:///repository"), "rw-r--r--");
    }
}
