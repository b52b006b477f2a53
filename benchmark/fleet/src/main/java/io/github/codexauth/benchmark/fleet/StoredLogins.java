package io.github.codexauth.benchmark.fleet;

import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.storage.postgresql.RealPostgresql;
import io.github.codexauth.runner.storage.postgresql.StoresForBenchmarks;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a job asks of the store, beside more and more stored logins. */
final class StoredLogins {
    private static final CredentialId OURS = new CredentialId("fleet.0");
    private static final int TIMES = 200;

    private StoredLogins() {}

    static void print() throws Exception {
        System.out.printf("## One job's lease, load, save and release, %d each%n%n", TIMES);
        System.out.println("| stored logins | median |");
        System.out.println("|---|---|");
        try (RealPostgresql server = RealPostgresql.start()) {
            StoresForBenchmarks.prepare(server);
            StoresForBenchmarks.fill(server, List.of(OURS));
            for (int rows : new int[] {1, 1_000, 100_000}) {
                server.admin(
                        "codex",
                        "INSERT INTO codex_auth.credential (id, record) SELECT 'other.' || n, (SELECT record FROM"
                                + " codex_auth.credential WHERE id = 'fleet.0') FROM generate_series(1, " + (rows - 1)
                                + ") AS n ON CONFLICT DO NOTHING");
                server.admin("codex", "ANALYZE codex_auth.credential");
                System.out.printf(Locale.ROOT, "| %,d | %.1f ms |%n", rows, median(server));
            }
        }
    }

    private static double median(RealPostgresql server) throws Exception {
        long[] nanos = new long[TIMES];
        for (int i = 0; i < TIMES; i++) {
            CredentialStore store = StoresForBenchmarks.open(server);
            long began = System.nanoTime();
            try (Lease lease = store.acquire(OURS, new Holder("job", Instant.now()), Duration.ZERO, busy -> {})) {
                StoresForBenchmarks.saveNext(lease);
            }
            nanos[i] = System.nanoTime() - began;
        }
        Arrays.sort(nanos);
        return nanos[TIMES / 2] / 1e6;
    }
}
