package io.github.codexauth.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.DetachableStoreContract;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseClaim;
import io.github.codexauth.store.NewerFormatException;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.RecordFormat;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.testing.Mount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store in a folder; see {@link FileStoreProcessesTest} for what several processes do to it. */
class FileCredentialStoreTest extends DetachableStoreContract {
    @TempDir
    private Path temporary;

    private Path folder;

    @BeforeEach
    void chooseFolder() {
        folder = temporary.resolve("store");
    }

    @Override
    protected FileCredentialStore open() throws Exception {
        return FileCredentialStore.createIn(temporary.resolve("store"), clock);
    }

    @Override
    protected void damageCurrent(CredentialId id) throws IOException {
        Path current = file(id, "current.json");
        byte[] half = Files.readAllBytes(current);
        Files.write(current, List.of(new String(half, 0, half.length / 2, StandardCharsets.UTF_8)));
    }

    private Path file(CredentialId id, String name) {
        return temporary.resolve("store/credentials").resolve(id.value()).resolve(name);
    }

    private List<String> filesOf(CredentialId id) throws IOException {
        try (Stream<Path> files = Files.list(file(id, ""))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private FileCredentialStore openExisting() throws StoreException {
        return FileCredentialStore.openIn(folder, clock);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Nested
    class ItsFolder {
        @Test
        void isMadeWithItsParentsForItsOwnerAlone() throws Exception {
            Path deep = temporary.resolve("a/b/store");
            assertThat(FileCredentialStore.createIn(deep, clock).address()).isEqualTo("file:" + deep.toRealPath());
            assertThat(permissions(deep)).isEqualTo("rwx------");
            assertThat(permissions(deep.getParent())).isEqualTo("rwx------");
        }

        /** What is durable in a folder is lost with the folder's own name. */
        @Test
        void andThatOfANewCredentialAreMadeDurableByTheirNames() throws Exception {
            Path deep = temporary.resolve("a/b/store").toAbsolutePath();
            try (Recording recording = new Recording()) {
                recording.enable("jdk.FileForce").withoutThreshold();
                recording.start();
                FileCredentialStore.createIn(deep, clock)
                        .acquire(CODEX_CI, DEPLOY, Duration.ZERO, NOBODY_ASKED)
                        .close();
                recording.stop();

                Path dump = temporary.resolve("events.jfr");
                recording.dump(dump);
                assertThat(RecordingFile.readAllEvents(dump))
                        .extracting(event -> event.getString("path"))
                        .contains(
                                temporary.toString(),
                                temporary.resolve("a").toString(),
                                temporary.resolve("a/b").toString(),
                                deep.toString(),
                                deep.resolve("credentials").toString());
            }
        }

        @Test
        void andEverythingInItIsOpenToItsOwnerAlone() throws Exception {
            store(CODEX_CI);
            store(CODEX_CI);
            try (Lease lease = acquire(here(), DEPLOY);
                    Stream<Path> all = Files.walk(folder)) {
                assertThat(lease.load()).isPresent();
                for (Path path : all.toList()) {
                    assertThat(permissions(path))
                            .as(path.toString())
                            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
                }
            }
        }

        @Test
        void mayBePassedThroughOnTheWayToAHomeThatIsLent() throws Exception {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            assertThat(openExisting().list()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"rwxr-xr-x", "rwxr-x---", "rwx----w-", "rwxrwxrwx"})
        void isRefusedWhileOthersHaveRightsOnIt(String loose) throws Exception {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(loose));
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> openExisting())
                    .satisfies(refused -> {
                        assertThat(refused.problem()).contains("is open to others (---" + loose.substring(3) + ")");
                        assertThat(refused.hint()).isEqualTo("take their rights away: chmod 700 " + folder);
                    });
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> FileCredentialStore.createIn(folder, clock));
        }

        @Test
        void isRefusedIfItBelongsToSomebodyElse() throws Exception {
            assumeThat(folder.getFileSystem().getPath("/proc/self"))
                    .as("skipped: owners are compared on Linux")
                    .exists();
            assumeThat(System.getProperty("user.name"))
                    .as("skipped: only root gives folders away")
                    .isEqualTo("root");
            Files.setAttribute(folder, "unix:uid", 12345);
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> openExisting())
                    .satisfies(refused -> {
                        assertThat(refused.problem()).contains("belongs to another user");
                        assertThat(refused.hint()).contains("chown");
                    });
        }

        @Test
        void ofACredentialIsRefusedWhileOthersHaveRightsOnIt() throws Exception {
            store(CODEX_CI);
            Files.setPosixFilePermissions(file(CODEX_CI, ""), PosixFilePermissions.fromString("rwxr-x---"));
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> acquire(here(), DEPLOY))
                    .satisfies(refused -> assertThat(refused.problem()).contains("is open to others"));
        }

        @Test
        void hasToExistWhereItIsNotMade() {
            Path missing = temporary.resolve("missing");
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> FileCredentialStore.openIn(missing, clock))
                    .satisfies(refused -> {
                        assertThat(refused.problem()).contains("missing", "no such file or folder");
                        assertThat(refused.hint()).isEqualTo("make the folder first: mkdir -m 700 " + missing);
                    });
        }

        @Test
        void isNoFile() throws Exception {
            Path file = Files.createFile(temporary.resolve("file"));
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> FileCredentialStore.openIn(file, clock))
                    .satisfies(refused -> assertThat(refused.problem()).contains("is not a folder"));
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> FileCredentialStore.createIn(file, clock))
                    .satisfies(refused -> assertThat(refused.problem()).contains("is not a folder"));
        }

        @Test
        void mayBeReachedThroughALink() throws Exception {
            CredentialRecord stored = store(CODEX_CI);
            Path link = Files.createSymbolicLink(temporary.resolve("link"), folder);
            FileCredentialStore linked = FileCredentialStore.createIn(link, clock);
            assertThat(linked.folder()).isEqualTo(folder.toRealPath());
            assertThat(linked.peek(CODEX_CI)).contains(stored.envelope());
            try (Lease lease = acquire(here(), DEPLOY)) {
                assertThat(lease.state().isHeld()).isTrue();
                assertThatExceptionOfType(CredentialBusyException.class).isThrownBy(() -> acquire(linked, NIGHTLY));
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"credentials", "credentials/codex-ci"})
        void holdsNoLinksToOtherFolders(String inside) throws Exception {
            store(CODEX_CI);
            Path elsewhere = temporary.resolve("elsewhere");
            Files.move(folder.resolve(inside), elsewhere);
            Files.createSymbolicLink(folder.resolve(inside), elsewhere);
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> acquire(here(), DEPLOY))
                    .satisfies(refused -> assertThat(refused.problem()).contains("is not a folder"));
        }

        @Test
        void holdsNoLinksToOtherRecords() throws Exception {
            store(CODEX_CI);
            Path elsewhere = temporary.resolve("elsewhere.json");
            Files.move(file(CODEX_CI, "current.json"), elsewhere);
            Files.createSymbolicLink(file(CODEX_CI, "current.json"), elsewhere);
            assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> here().peek(CODEX_CI));
        }

        @Test
        void mayHoldFoldersOfOthers() throws Exception {
            store(CODEX_CI);
            Files.createDirectory(folder.resolve("lost+found"));
            Files.createDirectory(folder.resolve("credentials/lost+found"));
            assertThat(here().list()).containsExactly(CODEX_CI);
        }

        @Test
        void passesOverWhatIsNoCredentialAndNamesIt() throws Exception {
            store(CODEX_CI);
            for (String name : List.of(".snapshot", "UPPER", "a..b", "lost+found")) {
                Files.createDirectory(folder.resolve("credentials").resolve(name));
                Files.writeString(folder.resolve("credentials").resolve(name).resolve("current.json"), "{}");
            }
            Files.writeString(folder.resolve("credentials/notes"), "a file");
            Files.createSymbolicLink(folder.resolve("credentials/link"), temporary);

            assertThat(here().list()).containsExactly(CODEX_CI);
            assertThat(here().strangers()).containsExactly(".snapshot", "UPPER", "a..b", "link", "lost+found", "notes");
        }

        @ParameterizedTest
        @ValueSource(strings = {"current.json", "previous.json", "lease.json"})
        void waitsForNoPipeInThePlaceOfAFile(String name) throws Exception {
            store(CODEX_CI);
            Path file = file(CODEX_CI, name);
            Files.deleteIfExists(file);
            assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                    .isZero();

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> {
                        here().peek(CODEX_CI);
                        try (Lease lease = acquire(here(), DEPLOY)) {
                            lease.loadPrevious();
                        }
                    })
                    .satisfies(refused -> assertThat(refused.problem()).contains("not a regular file"));
        }

        @Test
        void ofANewerVersionIsLeftAlone() throws Exception {
            store(CODEX_CI);
            Files.writeString(folder.resolve("store.json"), "{\"format\": 2}");
            assertThatExceptionOfType(NewerFormatException.class)
                    .isThrownBy(() -> openExisting())
                    .satisfies(newer -> assertThat(newer.hint()).contains("install the newer codex-auth"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "{", "[]", "{\"format\": \"1\"}", "{}"})
        void withAnUnreadableFormatIsLeftAlone(String damaged) throws Exception {
            Files.writeString(folder.resolve("store.json"), damaged);
            assertThatExceptionOfType(CorruptRecordException.class)
                    .isThrownBy(() -> openExisting())
                    .satisfies(corrupt -> assertThat(corrupt.problem()).contains("store.json is damaged"));
        }
    }

    @Nested
    class ItsRecords {
        @Test
        void ofANewerVersionAreLeftAlone() throws Exception {
            store(CODEX_CI);
            Path current = file(CODEX_CI, "current.json");
            String newer = Files.readString(current).replace("\"format\" : 2", "\"format\" : 3");
            Files.writeString(current, newer);
            try (Lease lease = acquire(here(), DEPLOY)) {
                assertThatExceptionOfType(NewerFormatException.class).isThrownBy(lease::load);
                assertThatExceptionOfType(NewerFormatException.class).isThrownBy(lease::setDamagedAside);
                assertThatExceptionOfType(NewerFormatException.class)
                        .isThrownBy(() -> lease.save(revision(1), Records.generation(CODEX_CI, 2)));
            }
            assertThat(current).hasContent(newer);
        }

        @Test
        void ofAnotherCredentialAreDamage() throws Exception {
            CredentialId other = new CredentialId("other");
            store(CODEX_CI);
            store(other);
            Files.copy(file(other, "current.json"), file(CODEX_CI, "previous.json"));
            Files.move(
                    file(CODEX_CI, "previous.json"),
                    file(CODEX_CI, "current.json"),
                    StandardCopyOption.REPLACE_EXISTING);
            assertThatExceptionOfType(CorruptRecordException.class)
                    .isThrownBy(() -> here().peek(CODEX_CI))
                    .satisfies(
                            corrupt -> assertThat(corrupt.problem()).contains("another credential's record ('other')"));
        }

        @Test
        void thatAreTooLargeAreDamage() throws Exception {
            store(CODEX_CI);
            Files.write(file(CODEX_CI, "current.json"), new byte[RecordFormat.LONGEST + 1]);
            try (Lease lease = acquire(here(), DEPLOY)) {
                assertThatExceptionOfType(CorruptRecordException.class).isThrownBy(lease::load);
                assertThat(lease.setDamagedAside()).isTrue();
            }
        }

        @Test
        void thatAreDamagedAreKeptUnderAnotherName() throws Exception {
            store(CODEX_CI);
            damageCurrent(CODEX_CI);
            byte[] damaged = Files.readAllBytes(file(CODEX_CI, "current.json"));
            try (Lease lease = acquire(here(), DEPLOY)) {
                lease.setDamagedAside();
            }
            assertThat(filesOf(CODEX_CI))
                    .filteredOn(name -> name.startsWith("damaged-"))
                    .singleElement()
                    .satisfies(name -> assertThat(file(CODEX_CI, name)).hasBinaryContent(damaged));
        }

        @Test
        void thatAreBothDamagedGiveWayToNothing() throws Exception {
            store(CODEX_CI);
            damageCurrent(CODEX_CI);
            Files.copy(file(CODEX_CI, "current.json"), file(CODEX_CI, "previous.json"));
            try (Lease lease = acquire(here(), DEPLOY)) {
                assertThat(lease.loadPrevious()).isEmpty();
                assertThat(lease.setDamagedAside()).isTrue();
                assertThat(lease.load()).isEmpty();
                assertThat(lease.save(Revision.NONE, Records.generation(CODEX_CI, 1)))
                        .isEqualTo(SaveResult.SAVED);
            }
        }

        /** As a crash between the two renames of a save leaves them. */
        @Test
        void mayBeOneFileUnderTwoNames() throws Exception {
            store(CODEX_CI);
            CredentialRecord second = store(CODEX_CI);
            Files.delete(file(CODEX_CI, "previous.json"));
            Files.createLink(file(CODEX_CI, "previous.json"), file(CODEX_CI, "current.json"));
            CredentialRecord third = store(CODEX_CI);
            try (Lease lease = acquire(here(), DEPLOY)) {
                assertThat(lease.load()).contains(third);
                assertThat(lease.loadPrevious()).contains(second);
            }
            assertThat(filesOf(CODEX_CI)).containsExactly("current.json", "lease.lock", "previous.json");
        }

        @Test
        void leaveNothingBesideThem() throws Exception {
            store(CODEX_CI);
            store(CODEX_CI);
            assertThat(filesOf(CODEX_CI)).containsExactly("current.json", "lease.lock", "previous.json");
        }

        @Test
        void halfWrittenByAKilledWriterAreTidiedAwayByTheNextHolder() throws Exception {
            store(CODEX_CI);
            Files.writeString(file(CODEX_CI, ".current.json-0123456789abcdef"), "{");
            acquire(here(), DEPLOY).close();
            assertThat(filesOf(CODEX_CI)).containsExactly("current.json", "lease.lock");
        }
    }

    @Nested
    class WhenTheDiskFails {
        @Test
        void aFullDiskIsSaidSoAndCostsNothing() throws Exception {
            try (Mount disk = Mount.tmpfs(temporary.resolve("small"), 256)) {
                Path small = temporary.resolve("small");
                FileCredentialStore store = FileCredentialStore.openIn(small, clock);
                CredentialRecord stored = Records.generation(CODEX_CI, 1);
                try (Lease lease = acquire(store, DEPLOY)) {
                    lease.save(Revision.NONE, stored);
                    fill(small);

                    assertThatExceptionOfType(StoreUnavailableException.class)
                            .isThrownBy(() -> lease.save(revision(1), Records.generation(CODEX_CI, 2)))
                            .satisfies(full -> {
                                assertThat(full.problem()).contains("No space left on device");
                                assertThat(full.hint()).startsWith("free some space: df -h ");
                            });
                    assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(lease::proveWritable);
                    assertThat(lease.load()).contains(stored);

                    Files.delete(small.resolve("filler"));
                    lease.proveWritable();
                    assertThat(lease.save(revision(1), Records.generation(CODEX_CI, 2)))
                            .isEqualTo(SaveResult.SAVED);
                }
                assertThat(disk).isNotNull();
            }
        }

        @Test
        void aLeaseThatCouldNotBeTakenIsNotHeld() throws Exception {
            try (Mount disk = Mount.tmpfs(temporary.resolve("small"), 64)) {
                Path small = temporary.resolve("small");
                FileCredentialStore store = FileCredentialStore.openIn(small, clock);
                acquire(store, DEPLOY).close();
                LeaseClaim claim = acquire(store, DEPLOY).detach(Duration.ofSeconds(60));
                fill(small);
                assertThatExceptionOfType(StoreUnavailableException.class)
                        .isThrownBy(() -> store.resume(CODEX_CI, claim));

                Files.delete(small.resolve("filler"));
                store.resume(CODEX_CI, claim).close();
                fill(small);
                assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> acquire(store, DEPLOY));

                Files.delete(small.resolve("filler"));
                acquire(store, NIGHTLY).close();
                assertThat(disk).isNotNull();
            }
        }

        @Test
        void aReadOnlyVolumeIsRefusedAtOnce() throws Exception {
            try (Mount disk = Mount.tmpfs(temporary.resolve("volume"), 256)) {
                Path volume = temporary.resolve("volume");
                FileCredentialStore store = FileCredentialStore.openIn(volume, clock);
                acquire(store, DEPLOY).close();

                disk.setReadOnly(true);

                assertThatExceptionOfType(StoreUnavailableException.class)
                        .isThrownBy(() -> FileCredentialStore.openIn(volume, clock))
                        .satisfies(refused -> {
                            assertThat(refused.problem()).contains("cannot be written by this user");
                            assertThat(refused.hint()).contains("mount it writable");
                        });
                assertThatExceptionOfType(StoreUnavailableException.class)
                        .isThrownBy(() -> acquire(store, DEPLOY))
                        .satisfies(refused -> assertThat(refused.problem()).contains("cannot be written by this user"));
            }
        }

        @Test
        void aReadOnlyFolderIsRefused() throws Exception {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-x------"));
            assumeThat(Files.isWritable(folder))
                    .as("skipped: root may write into any folder")
                    .isFalse();
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> openExisting())
                    .satisfies(refused -> assertThat(refused.problem()).contains("cannot be written by this user"));
        }

        @Test
        void aFolderThatVanishedStopsTheSaveOnly() throws Exception {
            store(CODEX_CI);
            try (Lease lease = acquire(here(), DEPLOY)) {
                Files.move(folder, temporary.resolve("gone"));
                assertThatExceptionOfType(StoreUnavailableException.class)
                        .isThrownBy(() -> lease.save(Revision.NONE, Records.generation(CODEX_CI, 1)));
                Files.move(temporary.resolve("gone"), folder);
                assertThat(lease.save(revision(1), Records.generation(CODEX_CI, 2)))
                        .isEqualTo(SaveResult.SAVED);
            }
        }

        /**
         * An interrupt closes the file that its thread is writing. What is stored must stay known to the one who stores
         * it.
         */
        @Test
        void anInterruptedSaveCanBeTriedAgainAndIsNoConflict() throws Exception {
            AtomicBoolean done = new AtomicBoolean();
            Random random = new Random();
            Thread saver = Thread.currentThread();
            Thread disturber = new Thread(() -> {
                while (!done.get()) {
                    saver.interrupt();
                    LockSupport.parkNanos(random.nextInt(2_000_000));
                }
            });
            try (Lease lease = acquire(here(), DEPLOY)) {
                disturber.start();
                int disturbed = 0;
                Revision stored = Revision.NONE;
                while (stored.generation() < 100) {
                    try {
                        // Each attempt has a payload and a time of its own, as an encrypted one has.
                        CredentialRecord next = Records.attempt(CODEX_CI, stored.generation() + 1, disturbed);
                        assertThat(lease.save(stored, next)).isEqualTo(SaveResult.SAVED);
                        stored = Revision.of(next);
                        Thread.interrupted();
                        assertThat(lease.load()).contains(next);
                    } catch (StoreUnavailableException interrupted) {
                        disturbed++;
                    }
                    Thread.interrupted();
                }
                assertThat(disturbed).isPositive();
            } finally {
                done.set(true);
                while (disturber.isAlive()) {
                    Thread.interrupted();
                }
                Thread.interrupted();
            }
            assertThat(here().peek(CODEX_CI)).map(Envelope::generation).contains(100L);
        }

        private static void fill(Path disk) throws IOException {
            try (var out = Files.newOutputStream(disk.resolve("filler"))) {
                byte[] block = new byte[4096];
                while (true) {
                    out.write(block);
                }
            } catch (IOException full) {
                assertThat(full).hasMessageContaining("No space left on device");
            }
        }
    }

    @Test
    void theLockFileStaysSoThatOldAndNewProcessesMeetAtTheSameOne() throws Exception {
        acquire(here(), DEPLOY).close();
        assertThat(filesOf(CODEX_CI)).containsExactly("lease.lock");
    }

    @Test
    void whatToDoAboutADamagedRecordIsACommandToType() throws Exception {
        store(CODEX_CI);
        damageCurrent(CODEX_CI);
        assertThatExceptionOfType(CorruptRecordException.class)
                .isThrownBy(() -> here().peek(CODEX_CI))
                .satisfies(
                        corrupt -> assertThat(corrupt.hint()).contains("codex-auth rescue --previous --id codex-ci"));
    }

    @Test
    void aDamagedLeaseFileDoesNotKeepTheCredentialFromAnybody() throws Exception {
        acquire(here(), DEPLOY).close();
        for (String damaged : List.of("", "{", "[1]", "{\"holder\":1,\"since\":\"now\",\"until\":\"later\"}")) {
            Files.writeString(file(CODEX_CI, "lease.json"), damaged);
            assertThat(here().occupancy(CODEX_CI)).isEmpty();
            here().acquire(CODEX_CI, DEPLOY, Duration.ZERO, NOBODY_ASKED).close();
        }
    }

    @Test
    void whoeverFindsNoNameSaysAnotherProcess() throws Exception {
        try (Lease lease = acquire(here(), DEPLOY)) {
            Files.delete(file(CODEX_CI, "lease.json"));
            assertThat(here().occupancy(CODEX_CI))
                    .map(Occupancy::holder)
                    .map(Holder::description)
                    .isEqualTo(Optional.of("another process"));
            assertThat(lease.state().isHeld()).isTrue();
        }
    }
}
