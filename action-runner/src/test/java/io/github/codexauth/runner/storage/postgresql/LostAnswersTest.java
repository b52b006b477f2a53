package io.github.codexauth.runner.storage.postgresql;

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
import io.github.codexauth.store.StrayRecord;
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

    private static RealPostgresql server;
    private static CuttingProxy proxy;

    @BeforeAll
    static void startServer() throws Exception {
        server = RealPostgresql.start();
        OnPostgresql.prepare(server);
        proxy = new CuttingProxy(server.port());
    }

    @AfterAll
    static void stopServer() throws Exception {
        if (proxy != null) {
            proxy.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private static Lease acquire(PostgresqlStore store) throws Exception {
        return store.acquire(ID, JOB, Duration.ZERO, busy -> {});
    }

    private static CredentialRecord first() throws Exception {
        server.empty();
        try (Lease lease = acquire(OnPostgresql.store(server))) {
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
            proxy.failAt(piece, fault);
            PostgresqlStore store = OnPostgresql.store(proxy.port(), LeaseTimes.USUAL);

            try (Lease lease = acquire(store)) {
                assertThat(lease.load()).as("piece %s", piece).contains(first);
                lease.proveWritable();
                assertThat(lease.save(Revision.of(first), next))
                        .as("piece %s", piece)
                        .isEqualTo(SaveResult.SAVED);
            }

            failed = proxy.hasFailed();
            proxy.failAt(Integer.MAX_VALUE, fault);
            PostgresqlStore direct = OnPostgresql.store(server);
            try (Lease lease = acquire(direct)) {
                assertThat(lease.load()).as("piece %s", piece).contains(next);
                assertThat(lease.loadPrevious()).as("piece %s", piece).contains(first);
            }
        }
        assertThat(piece).as("places at which the connection was cut").isGreaterThan(20);
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
            PostgresqlStore there = OnPostgresql.store(proxy.port(), LeaseTimes.USUAL);
            proxy.failAt(piece, fault);

            there.putAside(stray);
            assertThat(there.aside(ID)).as("piece %s", piece).containsExactly(stray);

            failed = proxy.hasFailed();
            proxy.failAt(Integer.MAX_VALUE, fault);
            PostgresqlStore direct = OnPostgresql.store(server);
            assertThat(direct.aside(ID)).as("piece %s", piece).containsExactly(stray);
            try (Lease lease = acquire(direct)) {
                assertThat(lease.load()).as("piece %s", piece).contains(first);
            }
        }
        assertThat(piece).as("places at which the connection was cut").isGreaterThan(5);
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
            PostgresqlStore store = OnPostgresql.store(proxy.port(), LeaseTimes.USUAL);
            try (Lease lease = acquire(store)) {
                proxy.failAt(piece, CuttingProxy.Fault.SWALLOW_THE_ANSWER);

                assertThat(lease.save(Revision.of(first), next))
                        .as("piece %s", piece)
                        .isEqualTo(SaveResult.SAVED);

                failed = proxy.hasFailed();
                proxy.failAt(Integer.MAX_VALUE, CuttingProxy.Fault.CUT_BEFORE);
                assertThat(lease.load()).contains(next);
            }
        }
        assertThat(piece).as("answers that never came").isGreaterThan(5);
    }
}
