package io.github.codexauth.runner.storage.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseState;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.testing.RealKubernetes;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cluster that ends, hangs, or comes back with what it had some time ago. */
class ServerLossTest {
    private static final CredentialId ID = new CredentialId("codex-ci");
    private static final Holder JOB = new Holder("a job", Instant.parse("2026-03-01T10:02:11Z"));
    private static final Holder NEXT = new Holder("the next job", Instant.parse("2026-03-01T10:03:11Z"));
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private RealKubernetes cluster;
    private String namespace;
    private KubernetesStore store;

    @BeforeEach
    void startServer() {
        cluster = RealKubernetes.start();
        namespace = cluster.namespace();
        cluster.allowAll(namespace);
        store = OnKubernetes.store(cluster, namespace, OnKubernetes.SHORT);
    }

    @AfterEach
    void stopServer() {
        threads.shutdownNow();
        if (cluster != null) {
            cluster.close();
        }
    }

    private Lease acquire(Holder holder, Duration wait) throws Exception {
        return store.acquire(ID, holder, wait, busy -> {});
    }

    private String holder() {
        return cluster.get(RealKubernetes.leases(namespace) + "/codex-auth.codex-ci")
                .path("metadata")
                .path("annotations")
                .path("codexauth.github.io/holder")
                .asText();
    }

    @Test
    void aPowerCutCostsNeitherTheLeaseNorThePlaceInTheLine() throws Exception {
        CredentialRecord first = Records.generation(ID, 1);
        Lease lease = acquire(JOB, Duration.ZERO);
        lease.save(Revision.NONE, first);
        Future<Lease> waiting = threads.submit(() -> acquire(NEXT, PATIENCE));
        await().atMost(PATIENCE)
                .until(
                        () -> cluster.get(RealKubernetes.leases(namespace) + "/codex-auth--line")
                                .toString(),
                        line -> line.contains("codex-ci"));

        cluster.down();
        await().atMost(PATIENCE).until(() -> lease.state() instanceof LeaseState.Doubtful);
        cluster.up();
        await().atMost(PATIENCE).until(() -> lease.state().isHeld() || lease.state() instanceof LeaseState.Lost);

        CredentialRecord second = Records.generation(ID, 2);
        assertThat(lease.save(Revision.of(first), second).isSaved()).isTrue();
        lease.close();
        try (Lease next = waiting.get()) {
            assertThat(next.load()).contains(second);
        }
    }

    @Test
    void aBackUpFromBeforeTheJobHasTheLeaseAndTheRecordPutIntoItAgain() throws Exception {
        CredentialRecord first = Records.generation(ID, 1);
        try (Lease lease = acquire(JOB, Duration.ZERO)) {
            lease.save(Revision.NONE, first);
        }
        cluster.down();
        run("cp", "-a", cluster.data().toString(), cluster.data() + "-backup");
        cluster.up();
        try (Lease lease = acquire(JOB, Duration.ZERO)) {
            lease.save(Revision.of(first), Records.generation(ID, 2));
            cluster.down();
            run("rm", "-rf", cluster.data().toString());
            run("mv", cluster.data() + "-backup", cluster.data().toString());
            cluster.up();

            await().atMost(PATIENCE).until(() -> holder().equals("a job"));

            assertThat(lease.state()).isNotInstanceOf(LeaseState.Lost.class);
            assertThat(lease.save(Revision.of(first), Records.generation(ID, 3)))
                    .as("on top of what is there, as LoanedLogin does it")
                    .isEqualTo(SaveResult.SAVED);
        }
    }

    /** A server that has lost its disk answers, after a while, that it does not know; and the write is there later. */
    @Test
    void aSaveThatHangsIsUnknownAndIsFoundAgain() throws Exception {
        CredentialRecord first = Records.generation(ID, 1);
        CredentialRecord second = Records.generation(ID, 2);
        try (Lease lease = acquire(JOB, Duration.ZERO)) {
            lease.save(Revision.NONE, first);
            cluster.pauseEtcd(true);
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> lease.save(Revision.of(first), second));
            cluster.pauseEtcd(false);

            await().atMost(PATIENCE).until(() -> {
                lease.save(Revision.of(first), second);
                return lease.load().equals(java.util.Optional.of(second));
            });
            assertThat(lease.loadPrevious()).contains(first);
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }
}
