package io.github.codexauth.benchmark.fleet;

import io.github.codexauth.CredentialId;
import io.github.codexauth.stores.postgresql.RealPostgresql;
import io.github.codexauth.stores.postgresql.StoresForBenchmarks;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.QueueingStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/** From when one job begins to give a login back until the next one has it, with and without {@code notify=on}. */
final class HandOvers {
    private static final int TIMES = 100;
    private static final CredentialId ID = new CredentialId("ci");

    private HandOvers() {}

    static void print() throws Exception {
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        ExecutorService next = Executors.newSingleThreadExecutor();
        try (RealPostgresql server = RealPostgresql.start()) {
            StoresForBenchmarks.prepare(server);
            for (int i = 0; i < TIMES; i++) {
                without.add(millis(server, StoresForBenchmarks.open(server), StoresForBenchmarks.open(server), next));
                with.add(millis(
                        server, StoresForBenchmarks.openRinging(server), StoresForBenchmarks.openRinging(server), next));
            }
        } finally {
            next.shutdownNow();
        }
        System.out.printf("## A login is handed to a job that waits, %d times each%n%n", TIMES);
        System.out.println("| | median | p95 | worst |\n|---|---:|---:|---:|");
        print("without", without);
        print("`notify=on`", with);
    }

    private static double millis(RealPostgresql server, QueueingStore one, QueueingStore other, ExecutorService next)
            throws Exception {
        Lease lease = take(one, Duration.ZERO);
        Future<Long> taken = next.submit(() -> {
            try (Lease theirs = take(other, Duration.ofMinutes(5))) {
                return System.nanoTime();
            }
        });
        while (!server.ask("SELECT count(*) FROM codex_auth.waiter").equals("1")) {
            Thread.sleep(5);
        }
        // So that it is given back at any moment between two looks.
        Thread.sleep(600 + ThreadLocalRandom.current().nextInt(600));
        long began = System.nanoTime();
        lease.close();
        return (taken.get() - began) / 1e6;
    }

    private static Lease take(QueueingStore store, Duration wait) throws Exception {
        return store.acquire(ID, new Holder("benchmark", Instant.now()), wait, busy -> {});
    }

    private static void print(String name, List<Double> millis) {
        Collections.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.0f ms | %.0f ms | %.0f ms |%n",
                name,
                millis.get(TIMES / 2),
                millis.get(TIMES * 95 / 100),
                millis.get(TIMES - 1));
    }
}
