package io.github.codexauth.stores.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.stores.remote.LeaseTimes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many runners that share a few connections of a PgBouncer in transaction mode. */
class PgBouncerTest {
    private static final CredentialId ID = new CredentialId("codex-ci");
    private static final int RUNNERS = 12;
    private static final int CONNECTIONS = 2;

    @TempDir
    private Path folder;

    @Test
    void takeTurnsAndLoseNoGeneration() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (RealPostgresql server = RealPostgresql.start();
                PgBouncer bouncer = PgBouncer.before(server, folder, CONNECTIONS)) {
            OnPostgresql.prepare(server);
            List<Future<SaveResult>> runners = new ArrayList<>();
            for (int i = 0; i < RUNNERS; i++) {
                Holder holder = new Holder("runner " + i, Instant.EPOCH);
                PostgresqlStore store = OnPostgresql.store(bouncer.port(), LeaseTimes.USUAL);
                runners.add(threads.submit(() -> {
                    try (Lease lease = store.acquire(ID, holder, Duration.ofMinutes(2), busy -> {})) {
                        Revision before = Revision.of(lease.load());
                        lease.proveWritable();
                        return lease.save(before, Records.generation(ID, before.generation() + 1));
                    }
                }));
            }
            for (Future<SaveResult> runner : runners) {
                assertThat(runner.get()).isEqualTo(SaveResult.SAVED);
            }

            assertThat(OnPostgresql.store(server).peek(ID))
                    .map(Envelope::generation)
                    .contains((long) RUNNERS);
            assertThat(Integer.parseInt(server.ask("SELECT count(*) FROM pg_stat_activity WHERE usename = 'runner'")))
                    .isLessThanOrEqualTo(CONNECTIONS + 1);
        } finally {
            threads.shutdownNow();
        }
    }
}
