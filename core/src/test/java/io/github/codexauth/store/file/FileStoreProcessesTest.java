package io.github.codexauth.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseClaim;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.Records;
import io.github.codexauth.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The store in a folder, used by real processes that are killed with SIGKILL.
 *
 * <p>{@code -Dcrash.rounds=N} kills a writer N times; the usual number keeps the build short.
 */
class FileStoreProcessesTest {
    private static final CredentialId CODEX_CI = new CredentialId("codex-ci");
    private static final Holder DEPLOY = new Holder("job deploy/main #41", Instant.parse("2026-03-01T10:02:11Z"));
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PROCESSES = 32;

    @TempDir
    private Path temporary;

    private Path folder;
    private FileCredentialStore store;
    private final List<JavaProcess> processes = new ArrayList<>();

    @BeforeEach
    void openStore() throws Exception {
        folder = temporary.resolve("store");
        store = FileCredentialStore.createIn(folder, Clock.systemUTC());
    }

    @AfterEach
    void leaveNoProcesses() throws Exception {
        for (JavaProcess process : processes) {
            process.close();
        }
    }

    private JavaProcess start(String what, Object... more) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of(what, folder));
        arguments.addAll(List.of(more));
        JavaProcess process = JavaProcess.start(StoreProcess.class, arguments.toArray());
        processes.add(process);
        return process;
    }

    private static void awaitSaid(JavaProcess process, String beginning) {
        await().atMost(PATIENCE).until(() -> process.hasSaid(beginning) || !process.isAlive());
        assertThat(process.lines()).anyMatch(line -> line.startsWith(beginning));
    }

    @Test
    void whatAnotherProcessHoldsIsBusyUntilItLetsGo() throws Exception {
        JavaProcess holder = start("hold", DEPLOY.description(), DEPLOY.since());
        awaitSaid(holder, "HELD");

        assertThat(store.occupancy(CODEX_CI)).contains(new Occupancy(DEPLOY, Optional.empty()));
        long epoch = store.lease(CODEX_CI).orElseThrow().epoch();
        assertThat(store.breakLease(CODEX_CI, epoch)).isFalse();
        assertThatExceptionOfType(CredentialBusyException.class)
                .isThrownBy(() -> store.acquire(CODEX_CI, DEPLOY, Duration.ZERO, occupancy -> {}))
                .satisfies(busy -> assertThat(busy.problem())
                        .isEqualTo(
                                "credential 'codex-ci' is in use by job deploy/main #41 since 2026-03-01T10:02:11Z"));

        holder.goOn();
        store.acquire(CODEX_CI, DEPLOY, PATIENCE, occupancy -> {}).close();
        assertThat(holder.awaitEnd()).isZero();
    }

    @Test
    void aKilledHolderFreesTheCredential() throws Exception {
        JavaProcess holder = start("hold", DEPLOY.description(), DEPLOY.since());
        awaitSaid(holder, "HELD");
        holder.kill();

        assertThat(store.occupancy(CODEX_CI)).isEmpty();
        store.acquire(CODEX_CI, DEPLOY, Duration.ZERO, occupancy -> {}).close();
    }

    @Test
    void aKilledWaiterLeavesNoTrace() throws Exception {
        try (Lease lease = store.acquire(CODEX_CI, DEPLOY, PATIENCE, occupancy -> {})) {
            JavaProcess waiter = start("hold", "job late #1", Instant.now());
            awaitSaid(waiter, "WAITING FOR job deploy/main #41 since 2026-03-01T10:02:11Z");
            waiter.kill();
            assertThat(lease.state().isHeld()).isTrue();
        }
        store.acquire(CODEX_CI, DEPLOY, Duration.ZERO, occupancy -> {}).close();
    }

    @Test
    void aDetachedLeaseOutlivesItsProcess() throws Exception {
        JavaProcess restore = start("leave", DEPLOY.description(), DEPLOY.since());
        assertThat(restore.awaitEnd()).isZero();
        LeaseClaim claim = new LeaseClaim(restore.lines().get(0).substring("CLAIM ".length()));

        assertThat(store.occupancy(CODEX_CI).map(Occupancy::holder)).contains(DEPLOY);
        assertThatExceptionOfType(CredentialBusyException.class)
                .isThrownBy(() -> store.acquire(CODEX_CI, DEPLOY, Duration.ZERO, occupancy -> {}));

        store.resume(CODEX_CI, claim).close();
        assertThat(store.occupancy(CODEX_CI)).isEmpty();
    }

    /**
     * Jobs of one credential, all at once: each is told who has it, goes in alone, and a killed one does not hold up
     * the rest.
     */
    @Test
    void thirtyTwoProcessesTakeTurns() throws Exception {
        Path log = Files.createFile(temporary.resolve("log"));
        JavaProcess first = start("take a turn", "job 0", log, "dies");
        awaitSaid(first, "INSIDE");
        List<JavaProcess> rest = new ArrayList<>();
        for (int i = 1; i < PROCESSES; i++) {
            rest.add(start("take a turn", "job " + i, log, i == 7 ? "dies" : "lives"));
        }
        for (JavaProcess waiting : rest) {
            awaitSaid(waiting, "WAITING FOR job 0 since ");
        }

        Files.writeString(log, "killed job 0 " + System.nanoTime() + "\n", StandardOpenOption.APPEND);
        first.kill();
        JavaProcess second = rest.get(6);
        awaitSaid(second, "INSIDE");
        Files.writeString(log, "killed job 7 " + System.nanoTime() + "\n", StandardOpenOption.APPEND);
        second.kill();
        for (JavaProcess other : rest) {
            assertThat(other.awaitEnd()).isEqualTo(other == second ? 128 + 9 : 0);
        }

        List<String> turns = Files.readAllLines(log);
        assertThat(turns).hasSize(2 * PROCESSES);
        List<Long> handOvers = new ArrayList<>();
        Set<String> had = new HashSet<>();
        for (int i = 0; i < turns.size(); i += 2) {
            String[] in = turns.get(i).split(" ");
            String[] out = turns.get(i + 1).split(" ");
            assertThat(in[0]).isEqualTo("enter");
            assertThat(out[0]).isIn("leave", "killed");
            assertThat(out[2]).as("who leaves is who entered").isEqualTo(in[2]);
            had.add(in[2]);
            if (i > 0) {
                handOvers.add(
                        Long.parseLong(in[3]) - Long.parseLong(turns.get(i - 1).split(" ")[3]));
            }
        }
        assertThat(had).hasSize(PROCESSES);
        assertThat(store.peek(CODEX_CI)).map(Envelope::generation).contains(PROCESSES - 2L);
        handOvers.sort(null);
        System.out.printf(
                "hand-over of a lease among %d processes: median %.1f ms, longest %.1f ms%n",
                PROCESSES, handOvers.get(handOvers.size() / 2) / 1e6, handOvers.get(handOvers.size() - 1) / 1e6);
    }

    @Test
    void aWriterKilledAtAnyInstantLeavesAWholeRecordAndNoSavedOneIsLost() throws Exception {
        int rounds = Integer.getInteger("crash.rounds", 8);
        Random random = new Random();
        long last = 0;
        int between = 0;
        for (int round = 0; round < rounds; round++) {
            JavaProcess writer = start("save for ever");
            awaitSaid(writer, "SAVED");
            TimeUnit.MICROSECONDS.sleep(random.nextInt(50_000));
            writer.kill();

            long told =
                    Long.parseLong(writer.lines().get(writer.lines().size() - 1).substring("SAVED ".length()));
            try (Lease lease = FileCredentialStore.openIn(folder, Clock.systemUTC())
                    .acquire(CODEX_CI, DEPLOY, Duration.ZERO, occupancy -> {})) {
                CredentialRecord current = lease.load().orElseThrow();
                long generation = current.envelope().generation();
                assertThat(generation).isBetween(told, told + 1).isGreaterThan(last);
                assertThat(current).isEqualTo(Records.generation(CODEX_CI, generation));
                if (generation > 1) {
                    assertThat(lease.loadPrevious())
                            .hasValueSatisfying(previous -> assertThat(previous)
                                    .isIn(
                                            Records.generation(CODEX_CI, generation - 1),
                                            Records.generation(CODEX_CI, generation)));
                }
                lease.proveWritable();
                between += generation > told ? 1 : 0;
                last = generation;
            }
            try (Stream<Path> files = Files.list(folder.resolve("credentials/codex-ci"))) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .isSubsetOf("current.json", "previous.json", "lease.lock")
                        .contains("current.json");
            }
        }
        System.out.printf(
                "%d writers killed after %d generations; %d of them after the rename and before they could say so%n",
                rounds, last, between);
    }
}
