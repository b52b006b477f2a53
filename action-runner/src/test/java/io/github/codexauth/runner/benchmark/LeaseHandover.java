package io.github.codexauth.runner.benchmark;

import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.file.FileCredentialStore;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** From the release of a lease to the moment at which another process that waits for it has it. */
final class LeaseHandover {
    private static final int TIMES = 100;

    private LeaseHandover() {}

    public static void main(String[] args) throws Exception {
        Path folder = args.length > 1 ? Path.of(args[0]) : Files.createTempDirectory(Path.of(args[0]), "handover");
        FileCredentialStore store = FileCredentialStore.createIn(folder.resolve("store"), Clock.systemUTC());
        Holder holder = new Holder("benchmark", Clock.systemUTC().instant());
        if (args.length > 1) {
            takeTurns(store, holder);
            return;
        }
        Process other = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeaseHandover.class.getName(),
                        folder.toString(),
                        "other"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Timings timings = new Timings(TIMES);
        try (BufferedReader told = other.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < TIMES; i++) {
                Lease lease = store.acquire(Session.ID, holder, Duration.ofMinutes(1), busy -> {});
                other.outputWriter().write("go\n");
                other.outputWriter().flush();
                if (!"waiting".equals(told.readLine())) {
                    throw new IllegalStateException("the other process did not wait");
                }
                // It waits in the kernel very soon after it said so.
                TimeUnit.MILLISECONDS.sleep(20);
                long released = System.nanoTime();
                lease.close();
                // Linux has one monotonic clock for all processes.
                timings.add(Long.parseLong(told.readLine()) - released);
            }
        }
        other.destroy();
        timings.print("A waiting job's lease, from the release by another process");
    }

    private static void takeTurns(FileCredentialStore store, Holder holder) throws Exception {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (orders.readLine() != null) {
            Lease lease =
                    store.acquire(Session.ID, holder, Duration.ofMinutes(1), busy -> System.out.println("waiting"));
            System.out.println(System.nanoTime());
            lease.close();
        }
    }
}
