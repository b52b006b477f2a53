package io.github.codexauth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCredentialStoreTest extends CredentialStoreContract {
    private static final Holder HOLDER = new Holder("test", Instant.EPOCH);

    @TempDir
    private Path temporary;

    @Override
    protected CredentialStore open() throws StoreException {
        return FileCredentialStore.createIn(temporary.resolve("store"), Clock.systemUTC());
    }

    @Test
    void everythingIsForTheOwnerAlone() throws Exception {
        try (Lease lease = take(HOLDER)) {
            lease.save(0, record(1, "one"));
        }
        try (Stream<Path> files = Files.walk(temporary.resolve("store"))) {
            for (Path file : files.toList()) {
                assertThat(Files.getPosixFilePermissions(file))
                        .as(file.toString())
                        .isEqualTo(
                                PosixFilePermissions.fromString(Files.isDirectory(file) ? "rwx------" : "rw-------"));
            }
        }
    }

    @Test
    void aFolderOfOthersOrNoFolderIsRefusedAndLeftAlone() throws Exception {
        Path open = Files.createDirectory(
                temporary.resolve("open"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x---")));
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> FileCredentialStore.openIn(open, Clock.systemUTC()))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("open to others (-----x---)");
        assertThatThrownBy(() -> FileCredentialStore.openIn(file, Clock.systemUTC()))
                .isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> FileCredentialStore.openIn(temporary.resolve("missing"), Clock.systemUTC()))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("no such file or folder");
        assertThat(open).isEmptyDirectory();
    }

    @Test
    void aRecordDamagedAnywhereIsReportedNeverReturned() throws Exception {
        try (Lease lease = take(HOLDER)) {
            lease.save(0, record(1, "one"));
            lease.save(1, record(2, "two"));
            Path current = current();
            byte[] whole = Files.readAllBytes(current);
            Random random = new Random(1);
            for (int i = 0; i < 200; i++) {
                byte[] damaged = whole.clone();
                int at = random.nextInt(damaged.length);
                damaged[at] ^= (byte) (1 << random.nextInt(7));
                Files.write(current, damaged);
                try {
                    // A flip in the envelope's text can go unnoticed; the login itself is covered by its checksum.
                    assertThat(lease.load().orElseThrow().payload()).isEqualTo("two".getBytes(StandardCharsets.UTF_8));
                } catch (StoreException noticed) {
                    assertThat(noticed.hint()).isNotBlank();
                }
            }
            Files.write(current, java.util.Arrays.copyOf(whole, whole.length / 2));

            assertThatThrownBy(lease::load).isInstanceOf(CorruptRecordException.class);
            assertThat(lease.setDamagedAside()).isTrue();
            assertThat(lease.load()).contains(record(1, "one"));
        }
    }

    @Test
    void anOversizedRecordIsNotRead() throws Exception {
        take(HOLDER).close();
        try (var file = new java.io.RandomAccessFile(current().toFile(), "rw")) {
            file.setLength(1L << 33);
        }

        assertThatThrownBy(() -> open().peek(CI)).isInstanceOf(CorruptRecordException.class);
    }

    @Test
    void aLinkInThePlaceOfARecordIsNotFollowed() throws Exception {
        take(HOLDER).close();
        Files.createSymbolicLink(current(), Path.of("/etc/passwd"));

        assertThatThrownBy(() -> open().peek(CI)).isInstanceOf(StoreException.class);
    }

    /** A child that saves without end is killed at random instants; nothing it was told is stored is ever missing. */
    @Test
    void aWriterKilledAtAnyInstantLeavesAWholeRecordAndLosesNothingItWasToldIsStored() throws Exception {
        int kills = Integer.getInteger("codexauth.storeKills", 15);
        Random random = new Random();
        long highest = 0;
        for (int i = 0; i < kills; i++) {
            Process writer = child(EndlessWriter.class);
            try (BufferedReader told = writer.inputReader(StandardCharsets.UTF_8)) {
                assertThat(told.readLine()).isEqualTo("ready");
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(20_000)));
                // By its handle: Process.destroyForcibly would close the pipe with what it still says.
                writer.toHandle().destroyForcibly();
                writer.waitFor();
                long last = told.lines().mapToLong(Long::parseLong).max().orElse(highest);
                try (Lease lease = take(HOLDER)) {
                    long stored = lease.load()
                            .map(record -> record.envelope().generation())
                            .orElse(0L);
                    assertThat(stored).isBetween(last, last + 1);
                    assertThat(stored).isGreaterThanOrEqualTo(highest);
                    highest = stored;
                }
            }
        }
        assertThat(highest).isPositive();
        try (Stream<Path> left = Files.list(current().getParent())) {
            assertThat(left.map(file -> file.getFileName().toString()).filter(name -> name.startsWith(".")))
                    .isEmpty();
        }
    }

    @Test
    void aHolderKilledWithoutWarningFreesItAtOnce() throws Exception {
        Process holder = child(EndlessWriter.class);
        try (BufferedReader told = holder.inputReader(StandardCharsets.UTF_8)) {
            assertThat(told.readLine()).isEqualTo("ready");
            assertThatThrownBy(() -> take(HOLDER)).isInstanceOf(CredentialBusyException.class);

            holder.destroyForcibly().waitFor();

            take(HOLDER).close();
        }
    }

    private Path current() {
        return temporary.resolve("store/credentials/ci/current.json");
    }

    private Process child(Class<?> main) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        temporary.resolve("store").toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Saves one generation after another and says each number once it is stored. */
    static final class EndlessWriter {
        private EndlessWriter() {}

        public static void main(String[] args) throws Exception {
            CredentialStore store = FileCredentialStore.createIn(Path.of(args[0]), Clock.systemUTC());
            Lease lease = store.acquire(CI, HOLDER, Duration.ofMinutes(1), busy -> {});
            long generation =
                    lease.load().map(record -> record.envelope().generation()).orElse(0L);
            System.out.println("ready");
            while (true) {
                if (lease.save(generation, record(generation + 1, "x".repeat(4000))) != SaveResult.SAVED) {
                    throw new AssertionError("not saved");
                }
                generation++;
                System.out.println(generation);
            }
        }
    }
}
