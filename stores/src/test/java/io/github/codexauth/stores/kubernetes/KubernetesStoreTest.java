package io.github.codexauth.stores.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseState;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.LeaseTimes;
import io.github.codexauth.stores.remote.OurLease;
import io.github.codexauth.stores.remote.ServerStoreContract;
import io.github.codexauth.stores.remote.SwappedLeases;
import io.github.codexauth.testing.RealKubernetes;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store on a real kube-apiserver; {@link ServerLossTest} ends it. */
class KubernetesStoreTest extends ServerStoreContract {
    private static RealKubernetes cluster;

    private @Nullable String namespace;

    @BeforeAll
    static void startServer() {
        cluster = RealKubernetes.shared();
    }

    private String namespace() {
        if (namespace == null) {
            namespace = cluster.namespace();
            cluster.allowAll(namespace);
        }
        return namespace;
    }

    @Override
    protected int port() {
        return cluster.port();
    }

    @Override
    protected KubernetesStore open(int port, LeaseTimes times, Clock clock) {
        return new KubernetesStore(OnKubernetes.server(cluster, namespace(), port), times, clock);
    }

    @Override
    protected int longestPayload() {
        return 200 * 1024;
    }

    @Override
    protected void damageCurrent(CredentialId id) {
        String path = RealKubernetes.secrets(namespace()) + "/" + new Names("codex-auth").of(id);
        JsonNode secret = cluster.get(path);
        byte[] record = Base64.getDecoder().decode(secret.at("/data/current").asText());
        ((ObjectNode) secret.path("data")).put("current", Arrays.copyOf(record, record.length / 2));
        cluster.put(path, secret);
    }

    @Override
    protected void letPass(Duration time) {
        cluster.letPass(namespace(), time);
    }

    /** Whoever has a credential in the test's own words. */
    private ObjectNode lease() {
        return (ObjectNode) cluster.get(leasePath());
    }

    private String leasePath() {
        return RealKubernetes.leases(namespace()) + "/codex-auth.codex-ci";
    }

    @Nested
    class ALease {
        @Test
        void isRenewedByTheStoreItselfForAsLongAsItIsHeld() throws Exception {
            KubernetesStore store = OnKubernetes.store(cluster, namespace(), OnKubernetes.SHORT);
            try (Lease lease = acquire(store, DEPLOY)) {
                String before = lease().at("/metadata/resourceVersion").asText();

                await().atMost(PATIENCE)
                        .until(() -> !lease().at("/metadata/resourceVersion")
                                .asText()
                                .equals(before));

                assertThat(lease.state().lasts(Duration.ofSeconds(1))).isTrue();
            }
        }

        /** What takes nearly as long as a lease, such as letting Codex refresh, begins right after it was renewed. */
        @Test
        void thatHasRunForAWhileIsConfirmedBeforeWhatTakesLong() throws Exception {
            KubernetesStore store = new KubernetesStore(
                    OnKubernetes.server(cluster, namespace(), cluster.port()), LeaseTimes.USUAL, clock);
            try (Lease lease = acquire(store, DEPLOY)) {
                clock.advance(Duration.ofSeconds(15));
                assertThat(lease.state().lasts(Duration.ofSeconds(45))).isFalse();

                assertThat(lease.confirm().lasts(Duration.ofSeconds(45))).isTrue();
            }
        }

        @Test
        void knowsThatSomebodyElseHasTheCredential() throws Exception {
            KubernetesStore store = OnKubernetes.store(cluster, namespace(), OnKubernetes.SHORT);
            try (Lease lease = acquire(store, DEPLOY)) {
                replaceLease(object -> ((ObjectNode) object.path("spec"))
                        .put("holderIdentity", "somebody")
                        .put("leaseTransitions", 100));

                await().atMost(PATIENCE).until(() -> lease.state() instanceof LeaseState.Lost);
            }
        }

        @Test
        void thatWasGivenBackIsNotTakenAgainByARenewalThatArrivesLate() throws Exception {
            store(CODEX_CI);
            SwappedLeases leases = new SwappedLeases(
                    new LeaseObjects(OnKubernetes.server(cluster, namespace(), cluster.port())), LeaseTimes.USUAL);
            OurLease ours =
                    leases.acquire(CODEX_CI, "us", DEPLOY, Optional.empty()).orElseThrow();
            leases.release(ours, Optional.empty());

            assertThat(leases.renew(ours, Optional.empty())).isFalse();

            assertThat(here().occupancy(CODEX_CI)).isEmpty();
        }

        /** A server's clock that was put back says of every lease that it was renewed just now. */
        @Test
        void thatNobodyRenewsEndsWhateverTheServersClockSays() throws Exception {
            KubernetesStore store = OnKubernetes.store(
                    cluster, namespace(), new LeaseTimes(Duration.ofSeconds(1), Duration.ofHours(1), Duration.ZERO));
            acquire(here(), DEPLOY);
            letPass(Duration.ofDays(-1));

            Lease next = store.acquire(CODEX_CI, NIGHTLY, PATIENCE, NOBODY_ASKED);

            assertThat(here().occupancy(CODEX_CI)).map(o -> o.holder()).contains(NIGHTLY);
            next.close();
        }
    }

    /** As an operator would. */
    private void replaceLease(Consumer<ObjectNode> change) {
        while (true) {
            ObjectNode lease = lease();
            change.accept(lease);
            if (cluster.send("PUT", leasePath(), lease.toString()).statusCode() == 200) {
                return;
            }
        }
    }

    @Nested
    class APool {
        private final List<CredentialId> pool =
                List.of(new CredentialId("team.1"), new CredentialId("team.2"), new CredentialId("team.3"));

        private Lease any(Duration wait) throws Exception {
            return open().acquireAny(pool, DEPLOY, wait, (id, occupancy) -> {});
        }

        private void storeExpiring(CredentialId id, Duration in) throws Exception {
            Envelope usual = Records.envelope(id, 1);
            Envelope expiring = new Envelope(
                    id,
                    1,
                    usual.savedAt(),
                    usual.savedBy(),
                    usual.session(),
                    usual.account(),
                    usual.plan(),
                    usual.lastRefresh(),
                    Optional.of(NOW.plus(in)),
                    usual.seeds());
            try (Lease lease = open().acquire(id, DEPLOY, PATIENCE, NOBODY_ASKED)) {
                lease.save(Revision.NONE, Records.record(expiring, new byte[] {1}));
            }
        }

        @Test
        void givesTheLoginWhoseAccessTokenLivesLongest() throws Exception {
            storeExpiring(pool.get(0), Duration.ofDays(1));
            storeExpiring(pool.get(1), Duration.ofDays(9));
            storeExpiring(pool.get(2), Duration.ofDays(8));

            List<CredentialId> given = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                given.add(any(Duration.ZERO).id());
            }

            assertThat(given).extracting(CredentialId::value).containsExactly("team.2", "team.3", "team.1");
        }

        @Test
        void servesThoseWhoWaitInTheOrderInWhichTheyCame() throws Exception {
            for (CredentialId id : pool) {
                store(id);
            }
            List<Lease> held = List.of(any(Duration.ZERO), any(Duration.ZERO), any(Duration.ZERO));
            List<Integer> served = new CopyOnWriteArrayList<>();
            ExecutorService threads = Executors.newCachedThreadPool();
            List<Future<Lease>> waiting = new ArrayList<>();
            try {
                for (int i = 0; i < 6; i++) {
                    int place = i;
                    waiting.add(threads.submit(() -> {
                        Lease lease = any(PATIENCE);
                        served.add(place);
                        return lease;
                    }));
                    int expected = i + 1;
                    await().atMost(PATIENCE).until(() -> waiting() == expected);
                }
                held.get(0).close();
                for (Future<Lease> next : waiting) {
                    next.get().close();
                }
            } finally {
                threads.shutdownNow();
            }

            assertThat(served).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(waiting()).isZero();
        }

        private int waiting() throws Exception {
            return new Line(
                            new Objects(OnKubernetes.server(cluster, namespace(), cluster.port())),
                            new Names("codex-auth"))
                    .tickets()
                    .all()
                    .size();
        }

        /** Each release wakes the same few, while they are still on their way. */
        @Test
        void wakesThoseBehindIfMoreThanOneIsFree() throws Exception {
            for (CredentialId id : pool) {
                store(id);
            }
            any(Duration.ZERO);
            any(Duration.ZERO);
            any(Duration.ZERO);
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                Future<Lease> first = thread.submit(() -> any(PATIENCE));
                await().atMost(PATIENCE).until(() -> waiting() == 1);
                new Line(
                                new Objects(OnKubernetes.server(cluster, namespace(), cluster.port())),
                                new Names("codex-auth"))
                        .join("behind", pool, Duration.ofHours(1));

                letPass(Duration.ofSeconds(66));
                first.get();
            } finally {
                thread.shutdownNow();
            }

            JsonNode bell = cluster.get(RealKubernetes.leases(namespace()) + "/" + new Names("codex-auth").bell());
            assertThat(bell.toString()).contains("behind");
        }

        /** A job that was killed while it waited. Whoever comes without a wait gets what such a one left lying. */
        @Test
        void isNotKeptFromOthersByOneWhoIsGone() throws Exception {
            store(pool.get(0));
            Line line = new Line(
                    new Objects(OnKubernetes.server(cluster, namespace(), cluster.port())), new Names("codex-auth"));
            line.join("gone", pool, Duration.ofHours(1));
            letPass(Duration.ofSeconds(4));

            open().acquire(pool.get(0), NIGHTLY, Duration.ZERO, NOBODY_ASKED).close();

            assertThat(waiting()).isZero();
        }

        @Test
        void isKeptForWhoeverIsNext() throws Exception {
            Line line = new Line(
                    new Objects(OnKubernetes.server(cluster, namespace(), cluster.port())), new Names("codex-auth"));
            Lease lease = acquire(here(), DEPLOY);
            line.join("next", List.of(CODEX_CI), Duration.ofHours(1));
            lease.close();

            assertThatExceptionOfType(CredentialBusyException.class)
                    .isThrownBy(() -> acquire(elsewhere(), NIGHTLY))
                    .satisfies(busy -> assertThat(busy.problem()).contains("others in the line"));
        }
    }

    @Nested
    class AnUnencryptedLogin {
        @Test
        void isRefusedUnlessTheAddressAllowsIt() throws Exception {
            store(CODEX_CI);
            ClusterAddress strict = ClusterAddress.parse("//" + namespace() + "/codex-auth?server=https://127.0.0.1:"
                    + cluster.port() + "&ca=" + cluster.authority());
            KubernetesStore store = new KubernetesStore(
                    new ApiServer(
                            strict,
                            new Token(Optional.empty(), OnKubernetes.token(cluster.token(namespace(), "runner")))),
                    LeaseTimes.USUAL,
                    clock);
            try (Lease lease = acquire(store, DEPLOY)) {
                assertThatExceptionOfType(StoreUnavailableException.class)
                        .isThrownBy(() -> lease.save(revision(1), Records.generation(CODEX_CI, 2)))
                        .satisfies(e -> assertThat(e.hint()).contains("--age-recipient", "?plaintext=allowed"));
                assertThatExceptionOfType(StoreUnavailableException.class)
                        .as("before a job could refresh what is there")
                        .isThrownBy(lease::proveWritable);
            }
            assertThat(here().peek(CODEX_CI)).map(Envelope::generation).contains(1L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"team_a", "a.b-c", "a-.b", "a.-b", "a--b", "x--61"})
    void anIdThatIsNoNameOfKubernetesIsStoredAllTheSame(String id) throws Exception {
        CredentialRecord stored = store(new CredentialId(id));

        assertThat(elsewhere().peek(new CredentialId(id))).contains(stored.envelope());
        assertThat(elsewhere().list()).containsExactly(new CredentialId(id));
    }

    @Test
    void aRecordThatIsTooLongForASecretIsRefusedBeforeItIsSent() throws Exception {
        try (Lease lease = acquire(here(), DEPLOY)) {
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> lease.save(
                            Revision.NONE, Records.record(Records.envelope(CODEX_CI, 1), new byte[300 * 1024])))
                    .satisfies(e -> assertThat(e.problem()).contains("a Secret holds 270"));
        }
    }
}
