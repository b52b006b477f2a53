package io.github.codexauth.runner.storage.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.storage.remote.CuttingProxy;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StrayRecord;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A network that fails once, at every place at which it can: whatever was lost, the login is stored, and once. */
class LostAnswersTest {
    private static final CredentialId ID = new CredentialId("codex-ci");
    private static final Holder JOB = new Holder("a job", Instant.parse("2026-03-01T10:02:11Z"));

    private VaultStandIn server;
    private CuttingProxy proxy;

    @BeforeEach
    void startServer() throws Exception {
        server = VaultStandIn.start();
        proxy = new CuttingProxy(server.port());
    }

    @AfterEach
    void stopServer() throws Exception {
        proxy.close();
        server.close();
    }

    /** A new one has no connection yet. */
    private VaultStore store(int port) {
        return OnVault.store(port);
    }

    private static Lease acquire(VaultStore store) throws Exception {
        return store.acquire(ID, JOB, Duration.ZERO, busy -> {});
    }

    private CredentialRecord first() throws Exception {
        server.empty();
        try (Lease lease = acquire(store(server.port()))) {
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
            VaultStore store = store(proxy.port());
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
            try (Lease lease = acquire(store(server.port()))) {
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
            server.empty();
            CredentialRecord first = Records.generation(ID, 1);
            VaultStore store = store(proxy.port());
            proxy.failAt(piece, fault);

            try (Lease lease = acquire(store)) {
                lease.proveWritable();
                assertThat(lease.save(Revision.NONE, first))
                        .as("piece %s", piece)
                        .isEqualTo(SaveResult.SAVED);
            }

            failed = proxy.hasFailed();
            proxy.failAt(Integer.MAX_VALUE, fault);
            assertThat(store(server.port()).list()).containsExactly(ID);
            try (Lease lease = acquire(store(server.port()))) {
                assertThat(lease.load()).as("piece %s", piece).contains(first);
                assertThat(lease.loadPrevious()).as("piece %s", piece).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CuttingProxy.Fault.class,
            names = {"CUT_BEFORE", "CUT_AFTER"})
    void aStrayLiesBesideTheLoginOnceWhereverTheConnectionIsCut(CuttingProxy.Fault fault) throws Exception {
        StrayRecord stray = new StrayRecord("00000000000a", "a test", Records.attempt(ID, 7, 1));
        int piece = 0;
        boolean failed = true;
        while (failed) {
            piece++;
            CredentialRecord first = first();
            VaultStore there = store(proxy.port());
            proxy.failAt(piece, fault);

            there.putAside(stray);
            assertThat(there.aside(ID)).as("piece %s", piece).containsExactly(stray);

            failed = proxy.hasFailed();
            proxy.failAt(Integer.MAX_VALUE, fault);
            VaultStore direct = store(server.port());
            assertThat(direct.aside(ID)).as("piece %s", piece).containsExactly(stray);
            try (Lease lease = acquire(direct)) {
                assertThat(lease.load()).as("piece %s", piece).contains(first);
            }
        }
        assertThat(piece).as("places at which the connection was cut").isGreaterThan(4);
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
