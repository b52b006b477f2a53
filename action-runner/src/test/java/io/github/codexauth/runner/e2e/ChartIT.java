package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.stores.kubernetes.Manifests;
import io.github.codexauth.testing.RealKubernetes;
import io.github.codexauth.testing.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The Helm chart, read by Helm itself, taken by a real API server, and used by a run that has its service account's
 * token.
 */
class ChartIT extends OnOneMachine {
    private static final Path CHART = Path.of(System.getProperty("codexauth.repository", ".."), "charts/codex-auth");

    private RealKubernetes cluster;
    private String namespace;

    @BeforeEach
    void anEmptyNamespace() {
        cluster = RealKubernetes.shared();
        namespace = cluster.namespace();
    }

    private TemplateCommand template() {
        return new Helm(CHART)
                .template()
                .withName("codex-auth")
                .withNamespace(namespace)
                .withKubeVersion("1.31.0");
    }

    /** The server is older than the newest version of CronJobs, which has the same form. */
    private static String forThisServer(String manifests) {
        return manifests.replace("apiVersion: batch/v1\n", "apiVersion: batch/v1beta1\n");
    }

    private Manifests rendered() {
        return Manifests.parse(forThisServer(template()
                .set("plaintextAllowed", "true")
                .set("credentials[0]", "ci")
                .call()));
    }

    @Test
    void helmFindsNothingWrongWithIt() throws Exception {
        Path values = Files.writeString(folder.resolve("values.yaml"), "plaintextAllowed: true\n");
        // Lint reads the chart's own values alone, which rightly say neither of the two.
        Path chart = folder.resolve("codex-auth");
        assertThat(new ProcessBuilder("cp", "-r", CHART.toString(), chart.toString())
                        .start()
                        .waitFor())
                .isZero();
        Files.writeString(
                chart.resolve("values.yaml"),
                Files.readString(chart.resolve("values.yaml"))
                        .replace(
                                "plaintextAllowed: false",
                                Files.readString(values).strip()));

        LintResult result = new Helm(chart).lint().strict().call();

        assertThat(result.getMessages()).noneMatch(message -> message.matches("\\[(WARNING|ERROR)\\].*"));
        assertThat(result.isFailed()).isFalse();
    }

    @Test
    void aServerTakesItOnceAndAgain() {
        Manifests manifests = rendered();

        manifests.pretendOn(cluster);
        manifests.applyTo(cluster);
        manifests.applyTo(cluster);

        assertThat(manifests.objects().stream()
                        .map(document -> document.path("kind").asText()))
                .containsExactlyInAnyOrder(
                        "ConfigMap",
                        "CronJob",
                        "Lease",
                        "Lease",
                        "Lease",
                        "Role",
                        "RoleBinding",
                        "Secret",
                        "ServiceAccount");
    }

    @Test
    void itsRoleIsTheOneThatStoreInitPrints() {
        Path admin = cli.write("admin-token", "admins-secret");
        Result printed = cli.run(
                "store", "init", "--store", address(admin, false), "--id", "ci", "--runner-role", "codex-auth-runner");

        JsonNode ours = Manifests.parse(printed.out()).first("Role");
        JsonNode chart = rendered().first("Role");

        assertThat(chart.path("rules")).isEqualTo(ours.path("rules"));
        assertThat(chart.at("/metadata/name")).isEqualTo(ours.at("/metadata/name"));
    }

    private String address(Path token, boolean plaintext) {
        return "k8s://" + namespace + "/codex-auth?server=https://127.0.0.1:" + cluster.port() + "&ca="
                + cluster.authority() + "&token=" + token + (plaintext ? "&plaintext=allowed" : "");
    }

    @Test
    void aRunWithItsServiceAccountDoesWhatItMustAndCanDoNothingElse() throws Exception {
        rendered().applyTo(cluster);
        String secret = cluster.token(namespace, "codex-auth-runner");
        Path token = cli.write("token", secret);
        Cli pod = cli.with("CODEX_AUTH_STORE", address(token, true));
        standIn.accessTokensLast(Duration.ofMinutes(30));
        Login login = standIn.newLogin(Duration.ofMinutes(30));
        pod.seed(login);
        standIn.endAccessTokens();

        Result job = pod.runCodex();
        standIn.endAccessTokens();
        Result keepalive = pod.run(keepaliveArguments());
        Result doctor = pod.run("doctor");
        rendered().applyTo(cluster);
        Result afterAnUpgrade = pod.runJob("true");

        assertThat(Stream.of(job, keepalive, afterAnUpgrade))
                .allSatisfy(result ->
                        assertThat(result.exitCode()).as(result.toString()).isZero());
        assertThat(standIn.events(Reused.class)).isEmpty();
        assertThat(doctor.out()).contains("'ci' is free and can be written").doesNotContain("lacks the right");
        for (String path : List.of(
                RealKubernetes.secrets(namespace),
                RealKubernetes.secrets(namespace) + "/other",
                "/api/v1/secrets",
                "/api/v1/namespaces/" + namespace + "/pods",
                "/api/v1/namespaces/" + namespace + "/configmaps")) {
            assertThat(cluster.statusAs(secret, "GET", path)).as(path).isEqualTo(403);
        }
        assertThat(cluster.statusAs(secret, "DELETE", RealKubernetes.secrets(namespace) + "/codex-auth.ci"))
                .isEqualTo(403);
        assertThat(cluster.statusAs(secret, "POST", RealKubernetes.secrets(namespace)))
                .isEqualTo(403);
        assertThat(cluster.statusAs(secret, "POST", RealKubernetes.leases(namespace)))
                .isEqualTo(403);
    }

    /** What its CronJob tells the image to do. */
    private String[] keepaliveArguments() {
        JsonNode container = rendered().first("CronJob").at("/spec/jobTemplate/spec/template/spec/containers/0");
        assertThat(container.at("/env/0/value").asText())
                .isEqualTo("k8s://" + namespace + "/codex-auth?plaintext=allowed");
        return Stream.iterate(0, i -> i + 1)
                .limit(container.path("args").size())
                .map(i -> container.path("args").path(i).asText())
                .toArray(String[]::new);
    }

    @Test
    void loginsAreEncryptedWithTheIdentityThatIsNamed() {
        String manifests = template().set("age.identitySecret", "identity").call();

        assertThat(manifests)
                .contains("CODEX_AUTH_AGE_IDENTITY_FILE", "secretName: identity")
                .doesNotContain("plaintext=allowed");
    }

    @ParameterizedTest
    @CsvSource({
        "plaintextAllowed, false, logins would lie unencrypted",
        "credentials[0], team_a, credentials",
        "credentials[0], x--61, credentials",
        "prefix, Codex, prefix",
        "topsecret, 1, topsecret"
    })
    void whatCannotWorkIsRefusedByItsName(String value, String text, String sentence) {
        assertThatThrownBy(() -> template()
                        .set("plaintextAllowed", "true")
                        .set(value, text)
                        .call())
                .hasMessageContaining(sentence);
    }
}
