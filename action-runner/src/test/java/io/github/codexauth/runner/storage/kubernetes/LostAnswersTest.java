package io.github.codexauth.runner.storage.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.storage.remote.CuttingProxy;
import io.github.codexauth.runner.storage.remote.LeaseTimes;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.testing.RealKubernetes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A network that fails once, at every place at which it can: whatever was lost, the login is stored, and once. */
class LostAnswersTest {
    private static final CredentialId ID = new CredentialId("codex-ci");
    private static final Holder JOB = new Holder("a job", Instant.parse("2026-03-01T10:02:11Z"));

    private static RealKubernetes cluster;
    private static CuttingProxy proxy;
    private static String namespace;
    private static String token;

    @BeforeAll
    static void startServer() throws Exception {
        cluster = RealKubernetes.shared();
        proxy = new CuttingProxy(cluster.port());
        namespace = cluster.namespace();
        cluster.allowAll(namespace);
        token = cluster.token(namespace, "runner");
    }

    @AfterAll
    static void endProxy() throws Exception {
        if (proxy != null) {
            proxy.close();
        }
    }

    /** A new one has no connection yet. */
    private static KubernetesStore store(int port) {
        return new KubernetesStore(
                new ApiServer(
                        OnKubernetes.address(cluster, namespace, port),
                        new Token(java.util.Optional.empty(), OnKubernetes.token(token))),
                LeaseTimes.USUAL,
                Clock.systemUTC());
    }

    private static Lease acquire(KubernetesStore store) throws Exception {
        return store.acquire(ID, JOB, Duration.ZERO, busy -> {});
    }

    private static CredentialRecord first() throws Exception {
        cluster.delete(RealKubernetes.secrets(namespace) + "/codex-auth.codex-ci");
        cluster.delete(RealKubernetes.leases(namespace) + "/codex-auth.codex-ci");
        try (Lease lease = acquire(store(cluster.port()))) {
            CredentialRecord first = Records.generation(ID, 1);
            assertThat(lease.save(Revision.NONE, first)).isEqualTo(SaveResult.SAVED);
            return first;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CuttingProxy.Fault.class,
            names = {"CUT_BEFORE", "CUT_AFTER"})
    void aJobGetsItsLoginAndSavesItWhereverTheConnectionIsCut(CuttingProxy.Fault fault) throws Exception {
        int piece = 0;
        boolean failed = true;
        while (failed) {
            piece++;
            CredentialRecord first = first();
            CredentialRecord next = Records.generation(ID, 2);
            KubernetesStore store = store(proxy.port());
            proxy.failAt(piece, fault);

            try (Lease lease = acquire(store)) {
                assertThat(lease.load()).as("piece %s", piece).contains(first);
                lease.proveWritable();
                assertThat(lease.save(Revision.of(first), next))
                        .as("piece %s", piece)
                        .isEqualTo(SaveResult.SAVED);
            }

            failed = proxy.hasFailed();
            proxy.failAt(Integer.MAX_VALUE, fault);
            try (Lease lease = acquire(store(cluster.port()))) {
                assertThat(lease.load()).as("piece %s", piece).contains(next);
                assertThat(lease.loadPrevious()).as("piece %s", piece).contains(first);
            }
        }
        assertThat(piece).as("places at which the connection was cut").isGreaterThan(12);
    }

    @ParameterizedTest
    @EnumSource(
            value = CuttingProxy.Fault.class,
            names = {"CUT_BEFORE", "CUT_AFTER"})
    void aFirstLoginIsStoredOnceWhereverTheConnectionIsCut(CuttingProxy.Fault fault) throws Exception {
        int piece = 0;
        boolean failed = true;
        while (failed) {
            piece++;
            cluster.delete(RealKubernetes.secrets(namespace) + "/codex-auth.codex-ci");
            cluster.delete(RealKubernetes.leases(namespace) + "/codex-auth.codex-ci");
            CredentialRecord first = Records.generation(ID, 1);
            KubernetesStore store = store(proxy.port());
            proxy.failAt(piece, fault);

            try (Lease lease = acquire(store)) {
                lease.proveWritable();
                assertThat(lease.save(Revision.NONE, first))
                        .as("piece %s", piece)
                        .isEqualTo(SaveResult.SAVED);
            }

            failed = proxy.hasFailed();
            proxy.failAt(Integer.MAX_VALUE, fault);
            assertThat(store(cluster.port()).list()).containsExactly(ID);
            try (Lease lease = acquire(store(cluster.port()))) {
                assertThat(lease.load()).as("piece %s", piece).contains(first);
                assertThat(lease.loadPrevious()).as("piece %s", piece).isEmpty();
            }
        }
    }

    /** Each costs the time that a call may take, so that only the save is tried. */
    @Test
    void aSaveIsSettledWhicheverOfItsAnswersNeverComes() throws Exception {
        int piece = 0;
        boolean failed = true;
        while (failed) {
            piece++;
            CredentialRecord first = first();
            CredentialRecord next = Records.generation(ID, 2);
            try (Lease lease = acquire(store(proxy.port()))) {
                proxy.failAt(piece, CuttingProxy.Fault.SWALLOW_THE_ANSWER);

                assertThat(lease.save(Revision.of(first), next))
                        .as("piece %s", piece)
                        .isEqualTo(SaveResult.SAVED);

                failed = proxy.hasFailed();
                proxy.failAt(Integer.MAX_VALUE, CuttingProxy.Fault.CUT_BEFORE);
                assertThat(lease.load()).contains(next);
            }
        }
        assertThat(piece).as("answers that never came").isGreaterThan(2);
    }
}
