package io.github.codexauth.benchmark.fleet;

import io.github.codexauth.CredentialId;
import io.github.codexauth.stores.postgresql.RealPostgresql;
import io.github.codexauth.stores.postgresql.StoresForBenchmarks;
import io.github.codexauth.stores.vault.VaultStandIn;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.testing.RealKubernetes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a job asks of each store, beside more and more stored logins. */
final class StoredLogins {
    private static final CredentialId OURS = new CredentialId("fleet.0");
    private static final int[] STORED = {1, 1_000, 10_000, 100_000};
    private static final int TIMES = 200;

    private StoredLogins() {}

    static void print() throws Exception {
        System.out.printf("## One job's opening of the store, lease, load, save and release, medians of %d%n%n", TIMES);
        System.out.println("| stored logins |"
                + IntStream.of(STORED)
                        .mapToObj(stored -> String.format(Locale.ROOT, " %,d |", stored))
                        .collect(Collectors.joining()));
        System.out.println("|---|" + "---|".repeat(STORED.length));
        Path folder = Files.createTempDirectory("codex-auth-fleet-");
        try {
            print(new Shelf.Folder(folder.resolve("store")));
        } finally {
            delete(folder);
        }
        try (RealPostgresql server = RealPostgresql.start()) {
            StoresForBenchmarks.prepare(server);
            print(new Shelf.Postgresql(server));
        }
        try (RealKubernetes cluster = RealKubernetes.start()) {
            String namespace = cluster.namespace();
            cluster.allowAll(namespace);
            print(new Shelf.Cluster(cluster, namespace));
        }
        try (VaultStandIn server = VaultStandIn.start()) {
            print(new Shelf.Vault(server));
        }
    }

    private static void print(Shelf shelf) throws Exception {
        try (Lease lease = lease(shelf)) {
            lease.save(Revision.NONE, Records.generation(OURS, 1));
        }
        List<Double> medians = new ArrayList<>();
        int stored = 1;
        for (int wanted : STORED) {
            if (wanted > stored) {
                shelf.copy(OURS, stored, wanted);
                stored = wanted;
            }
            medians.add(median(shelf));
        }
        System.out.println("| " + shelf.name() + " |"
                + medians.stream()
                        .map(millis -> String.format(Locale.ROOT, " %.1f ms |", millis))
                        .collect(Collectors.joining()));
    }

    private static double median(Shelf shelf) throws Exception {
        long[] nanos = new long[TIMES];
        for (int i = 0; i < TIMES; i++) {
            long began = System.nanoTime();
            try (Lease lease = lease(shelf)) {
                var before = lease.load().orElseThrow();
                lease.save(
                        Revision.of(before),
                        Records.generation(OURS, before.envelope().generation() + 1));
            }
            nanos[i] = System.nanoTime() - began;
        }
        Arrays.sort(nanos);
        return nanos[TIMES / 2] / 1e6;
    }

    private static Lease lease(Shelf shelf) throws Exception {
        return shelf.open().acquire(OURS, new Holder("job", Instant.now()), Duration.ZERO, busy -> {});
    }

    private static void delete(Path folder) throws Exception {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
