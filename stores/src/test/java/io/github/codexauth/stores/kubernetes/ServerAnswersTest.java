package io.github.codexauth.stores.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.CredentialId;
import io.github.codexauth.SecretText;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.kubernetes.FaultyServer.Call;
import io.github.codexauth.stores.kubernetes.FaultyServer.Fault;
import io.github.codexauth.stores.remote.LeaseTimes;
import io.github.codexauth.testing.RealKubernetes;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the store makes of answers that are none, or refuse: what may have been done is read back, and nothing is
 * repeated to the user.
 */
class ServerAnswersTest {
    private static final CredentialId ID = new CredentialId("codex-ci");
    private static final Holder JOB = new Holder("a job", Instant.parse("2026-03-01T10:02:11Z"));

    private static RealKubernetes cluster;
    private static FaultyServer server;

    @TempDir
    private Path folder;

    private String namespace;
    private String token;

    @BeforeAll
    static void startServer(@TempDir Path keys) throws Exception {
        cluster = RealKubernetes.shared();
        server = new FaultyServer(cluster, keys);
    }

    @BeforeEach
    void makeNamespace() {
        server.fail(0, call -> false, Fault.before(500));
        namespace = cluster.namespace();
        cluster.allowAll(namespace);
        token = cluster.token(namespace, "runner");
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    private KubernetesStore store(PasswordSource source) {
        ClusterAddress address = new ClusterAddress(
                namespace,
                "codex-auth",
                URI.create("https://127.0.0.1:" + server.port()),
                Optional.of(server.authority()),
                Optional.empty(),
                true);
        return new KubernetesStore(
                new ApiServer(address, new Token(Optional.empty(), source)), LeaseTimes.USUAL, Clock.systemUTC());
    }

    private KubernetesStore store() {
        return store(OnKubernetes.token(token));
    }

    private Lease acquire() throws Exception {
        return store().acquire(ID, JOB, Duration.ZERO, busy -> {});
    }

    private static boolean isSave(Call call) {
        return call.method().equals("PUT") && call.path().contains("/secrets/");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void aSaveThatIsAnsweredSoIsStoredWhetherOrNotItArrived(int status) throws Exception {
        CredentialRecord first = Records.generation(ID, 1);
        CredentialRecord second = Records.generation(ID, 2);
        CredentialRecord third = Records.generation(ID, 3);
        try (Lease lease = acquire()) {
            lease.save(Revision.NONE, first);

            server.fail(1, ServerAnswersTest::isSave, Fault.before(status));
            assertThat(lease.save(Revision.of(first), second)).isEqualTo(SaveResult.SAVED);
            assertThat(server.calls().stream().filter(ServerAnswersTest::isSave))
                    .hasSize(2);

            server.fail(1, ServerAnswersTest::isSave, Fault.after(status));
            assertThat(lease.save(Revision.of(second), third)).isEqualTo(SaveResult.SAVED);
            assertThat(server.calls().stream().filter(ServerAnswersTest::isSave))
                    .as("what has arrived is not sent again")
                    .hasSize(1);
            assertThat(lease.load()).contains(third);
            assertThat(lease.loadPrevious()).contains(second);
        }
    }

    @Test
    void aServerThatIsBusyIsLeftAloneForAsLongAsItSays() throws Exception {
        server.fail(
                1, call -> call.path().contains("/leases/"), new Fault(429, Map.of("Retry-After", "1"), "{}", false));
        long before = System.nanoTime();

        acquire().close();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 307, 400, 401, 403, 404, 405, 413, 418, 422})
    void aRefusalIsToldAtOnceInOurOwnWords(int status) throws Exception {
        server.fail(
                Integer.MAX_VALUE,
                call -> true,
                new Fault(
                        status,
                        Map.of("Location", "https://127.0.0.1:" + server.port() + "/elsewhere"),
                        "{\"kind\":\"Status\",\"message\":\"quotes-a-secret\"}",
                        false));

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(this::acquire)
                .satisfies(e -> assertThat(e.problem() + e.hint() + e.getCause())
                        .doesNotContain("quotes-a-secret")
                        .doesNotContain(token));

        assertThat(server.calls()).as("calls, none of them elsewhere").hasSize(1);
    }

    /** 410: the server knows that version of the bell no more. */
    @ParameterizedTest
    @ValueSource(ints = {403, 410, 500})
    void whoeverCannotWatchTheBellLooksAgain(int status) throws Exception {
        Lease lease = acquire();
        Thread release = new Thread(() -> {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> server.calls().stream().anyMatch(ServerAnswersTest::isWatch));
            lease.close();
        });
        server.fail(Integer.MAX_VALUE, ServerAnswersTest::isWatch, Fault.before(status));

        Lease next = store().acquire(ID, JOB, Duration.ofMinutes(1), busy -> release.start());

        assertThat(next.state().isHeld()).isTrue();
        next.close();
    }

    private static boolean isWatch(Call call) {
        return call.path().contains("watch=1");
    }

    @Test
    void aSecretThatSomebodyLabelledMeanwhileIsSavedAllTheSame() throws Exception {
        CredentialRecord first = Records.generation(ID, 1);
        try (Lease lease = acquire()) {
            lease.save(Revision.NONE, first);
            server.fail(
                    1,
                    ServerAnswersTest::isSave,
                    new Fault(
                            409,
                            Map.of("Date", "Fri, 27 Nov 2026 06:17:57 GMT"),
                            "{\"kind\":\"Status\",\"reason\":\"Conflict\"}",
                            false));

            assertThat(lease.save(Revision.of(first), Records.generation(ID, 2)))
                    .isEqualTo(SaveResult.SAVED);
        }
    }

    @Test
    void aServerThatIsNoneOfKubernetesIsNotTakenForAnEmptyStore() {
        for (String body : new String[] {"", "<html>sign in</html>", "[]", "{}"}) {
            for (int status : new int[] {200, 404}) {
                server.fail(Integer.MAX_VALUE, call -> true, new Fault(status, Map.of(), body, false));

                assertThatExceptionOfType(StoreUnavailableException.class)
                        .isThrownBy(() -> store().peek(ID))
                        .satisfies(e -> assertThat(e.problem()).contains("no API server of Kubernetes"));
            }
        }
    }

    @Test
    void anAnswerWithoutEndIsNotReadToItsEnd() {
        server.fail(
                Integer.MAX_VALUE,
                call -> true,
                new Fault(200, Map.of(), "{\"kind\":\"" + "x".repeat(5 * 1024 * 1024) + "\"}", false));

        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> store().peek(ID));
    }

    @Test
    void aTokenIsReadForEveryCallAndOneThatWasReplacedMeanwhileIsReadAgain() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "an-old-token");
        Token read = new Token(Optional.of(file), PasswordSource.NONE);
        String[] answers = {"an-old-token", token};
        int[] asked = {0};
        KubernetesStore replacedMeanwhile = store(() -> Optional.of(SecretText.of(answers[Math.min(asked[0]++, 1)])));

        assertThat(replacedMeanwhile.peek(ID)).isEmpty();

        assertThat(read.read().reveal()).isEqualTo("an-old-token");
        Files.writeString(file, token + "\n");
        assertThat(read.read().reveal()).isEqualTo(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"topsecret\nX-Header: 1", "top secret", "topsecret\u00e9"})
    void whatIsNoTokenIsNotSentAndNotQuoted(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), text);

        for (Token token : List.of(
                new Token(Optional.of(file), PasswordSource.NONE),
                new Token(Optional.empty(), () -> Optional.of(SecretText.of(text))))) {
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(token::read)
                    .satisfies(e -> assertThat(e.problem() + e.getCause()).doesNotContain("secret"));
        }
    }

    @Test
    void aTokenThatHasEndedIsToldAndNotQuoted() {
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> store(OnKubernetes.token("an-old-token")).peek(ID))
                .satisfies(e -> {
                    assertThat(e.problem()).endsWith("does not know our token");
                    assertThat(e.problem() + e.hint() + e.getCause()).doesNotContain("an-old-token");
                });
    }

    @Test
    void aServerWhoseCertificateIsNotTrustedGetsNoToken() {
        ClusterAddress address = OnKubernetes.address(cluster, namespace, server.port());
        KubernetesStore store = new KubernetesStore(
                new ApiServer(address, new Token(Optional.empty(), OnKubernetes.token(token))),
                LeaseTimes.USUAL,
                Clock.systemUTC());

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> store.peek(ID))
                .satisfies(e -> assertThat(e.problem()).contains("a certificate that is not trusted here"));
        assertThat(server.calls()).isEmpty();
    }
}
