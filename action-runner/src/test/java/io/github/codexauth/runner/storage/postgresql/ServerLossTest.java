package io.github.codexauth.runner.storage.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseState;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that ends, or comes back with what it had some time ago. */
class ServerLossTest {
    private static final CredentialId ID = new CredentialId("codex-ci");
    private static final Holder JOB = new Holder("a job", Instant.parse("2026-03-01T10:02:11Z"));
    private static final Holder NEXT = new Holder("the next job", Instant.parse("2026-03-01T10:03:11Z"));
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private RealPostgresql server;
    private PostgresqlStore store;

    @BeforeEach
    void startServer() throws Exception {
        server = RealPostgresql.start();
        OnPostgresql.prepare(server);
        store = OnPostgresql.store(server.port(), OnPostgresql.SHORT);
    }

    @AfterEach
    void stopServer() {
        threads.shutdownNow();
        if (server != null) {
            server.close();
        }
    }

    private Lease acquire(Holder holder, Duration wait) throws Exception {
        return store.acquire(ID, holder, wait, busy -> {});
    }

    @Test
    void aPowerCutCostsNeitherTheLeaseNorThePlaceInTheLine() throws Exception {
        CredentialRecord first = Records.generation(ID, 1);
        Lease lease = acquire(JOB, Duration.ZERO);
        lease.save(Revision.NONE, first);
        Future<Lease> waiting = threads.submit(() -> acquire(NEXT, PATIENCE));
        await().atMost(PATIENCE)
                .until(() ->
                        server.ask("SELECT count(*) FROM codex_auth.waiter").equals("1"));

        server.down();
        await().atMost(PATIENCE).until(() -> lease.state() instanceof LeaseState.Doubtful);
        server.up();
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
        server.shutDown();
        server.asServer("cp", "-a", server.data().toString(), server.data() + "-backup");
        server.up();
        try (Lease lease = acquire(JOB, Duration.ZERO)) {
            lease.save(Revision.of(first), Records.generation(ID, 2));
            server.down();
            server.asServer("rm", "-rf", server.data().toString());
            server.asServer("mv", server.data() + "-backup", server.data().toString());
            server.up();

            await().atMost(PATIENCE)
                    .until(() -> server.ask("SELECT holder FROM codex_auth.credential")
                            .equals("a job"));

            assertThat(lease.state()).isNotInstanceOf(LeaseState.Lost.class);
            assertThat(lease.save(Revision.of(first), Records.generation(ID, 3)))
                    .as("on top of what is there, as LoanedLogin does it")
                    .isEqualTo(SaveResult.SAVED);
        }
    }
}
