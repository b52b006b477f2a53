package io.github.codexauth.benchmark.fleet;

import io.github.codexauth.CredentialId;
import io.github.codexauth.stores.postgresql.RealPostgresql;
import io.github.codexauth.stores.postgresql.StoresForBenchmarks;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.QueueingStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** A pool of codex-auth. Each job has a store of its own, as each is a process of its own. */
final class CodexAuth implements Contender {
    private final RealPostgresql server;
    private final List<CredentialId> pool;

    CodexAuth(RealPostgresql server, int logins) {
        this.server = server;
        this.pool = IntStream.range(0, logins)
                .mapToObj(login -> new CredentialId("fleet." + login))
                .toList();
    }

    @Override
    public String name() {
        return "codex-auth --pool";
    }

    @Override
    public void prepare() throws Exception {
        StoresForBenchmarks.prepare(server);
        StoresForBenchmarks.fill(server, pool);
    }

    @Override
    public Turn take(int job) throws Exception {
        QueueingStore store = StoresForBenchmarks.open(server);
        Lease lease = store.acquireAny(
                pool, new Holder("job " + job, Instant.now()), Duration.ofHours(1), (id, occupancy) -> {});
        return new Turn() {
            @Override
            public int login() {
                return pool.indexOf(lease.id());
            }

            @Override
            public void giveBack() {
                lease.close();
            }
        };
    }
}
