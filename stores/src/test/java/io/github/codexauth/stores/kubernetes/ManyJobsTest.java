package io.github.codexauth.stores.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.testing.RealKubernetes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More jobs than logins, all at once: {@code -Dcodexauth.jobs=500 -Dcodexauth.logins=50} is a fleet. */
class ManyJobsTest {
    private static final int JOBS = Integer.getInteger("codexauth.jobs", 40);
    private static final int LOGINS = Integer.getInteger("codexauth.logins", 4);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Holder JOB = new Holder("a job", Instant.parse("2026-03-01T10:02:11Z"));

    @Test
    void allGetALoginOnceItIsFreeAndNeverTwoTheSame() throws Exception {
        RealKubernetes cluster = RealKubernetes.shared();
        String namespace = cluster.namespace();
        cluster.allowAll(namespace);
        List<CredentialId> pool = IntStream.range(0, LOGINS)
                .mapToObj(i -> new CredentialId("team." + i))
                .toList();
        KubernetesStore first = OnKubernetes.store(cluster, namespace);
        List<Lease> held = new ArrayList<>();
        for (CredentialId id : pool) {
            Lease lease = first.acquire(id, JOB, Duration.ZERO, busy -> {});
            lease.save(Revision.NONE, Records.generation(id, 1));
            held.add(lease);
        }
        // As many stores as there are machines would be as many connections of this one process.
        List<KubernetesStore> machines = IntStream.range(0, 8)
                .mapToObj(i -> OnKubernetes.store(cluster, namespace))
                .toList();
        ConcurrentHashMap<CredentialId, Boolean> inUse = new ConcurrentHashMap<>();
        AtomicInteger doubled = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(JOBS);
        List<Future<?>> jobs = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            KubernetesStore machine = machines.get(i % machines.size());
            jobs.add(threads.submit(() -> {
                try (Lease lease = machine.acquireAny(pool, JOB, PATIENCE, (id, busy) -> {})) {
                    if (inUse.put(lease.id(), true) != null) {
                        doubled.incrementAndGet();
                    }
                    lease.load();
                    inUse.remove(lease.id());
                }
                return null;
            }));
        }
        Line line =
                new Line(new Objects(OnKubernetes.server(cluster, namespace, cluster.port())), new Names("codex-auth"));
        await().atMost(PATIENCE).until(() -> line.tickets().all().size() == JOBS);
        long start = System.nanoTime();
        held.forEach(Lease::close);
        for (Future<?> job : jobs) {
            job.get();
        }
        threads.shutdown();

        System.out.println(JOBS + " jobs took turns on " + LOGINS + " logins of a cluster in "
                + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
        assertThat(doubled).hasValue(0);
        assertThat(line.tickets().all()).isEmpty();
    }
}
