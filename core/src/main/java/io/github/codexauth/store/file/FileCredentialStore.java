package io.github.codexauth.store.file;

import io.github.codexauth.CredentialId;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.DetachableLease;
import io.github.codexauth.store.DetachableStore;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.HeldLease;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.LeaseClaim;
import io.github.codexauth.store.LeaseGoneException;
import io.github.codexauth.store.NewerFormatException;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.SharedUseStore;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A store in a folder: for one runner, or for several that mount the same file system.
 *
 * <pre>
 * FOLDER/                     0700, ours
 *   store.json                the format of everything below
 *   credentials/ID/
 *     lease.lock              locked by the kernel while a process has the credential; counts how often one took it
 *     lease.json              who that is, and the claim of a detached lease
 *     current.json            the current generation
 *     previous.json           the one that the job of the last refresh was given
 *     users/RANDOM.json       locked by the kernel while a job shares the login
 *     waiters/RANDOM.json     locked by the kernel while a job waits for it
 * </pre>
 *
 * <p>A save writes the record aside, makes it durable, may keep the current one as {@code previous.json} by a hard
 * link, renames the new one over {@code current.json} and makes the folder durable. A crash at any instant leaves the
 * old record or the new one, whole. The kernel frees the lock when its process dies, however it dies.
 */
public final class FileCredentialStore implements DetachableStore, SharedUseStore {
    private final Path folder;
    private final Clock clock;

    private FileCredentialStore(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /**
     * Opens the store of one operating-system user, and creates its folder if it does not exist.
     *
     * @throws StoreUnavailableException if the folder cannot be made, or is open to others
     */
    public static FileCredentialStore createIn(Path folder, Clock clock) throws StoreException {
        try {
            PrivateFiles.createFolder(folder);
        } catch (FileAlreadyExistsException noFolder) {
            return openIn(folder, clock);
        } catch (IOException e) {
            throw FolderProblems.cannot("create", folder, e);
        }
        return openIn(folder, clock);
    }

    /**
     * Opens the store in a folder that has to exist.
     *
     * @throws StoreUnavailableException if there is no such folder, it is not ours, or it is open to others
     * @throws NewerFormatException if a newer version wrote it
     */
    public static FileCredentialStore openIn(Path folder, Clock clock) throws StoreException {
        Path real;
        try {
            real = folder.toRealPath();
            FolderProblems.requirePrivate(real);
        } catch (IOException e) {
            throw FolderProblems.cannot("use", folder, e);
        }
        StoreFormat.require(real);
        return new FileCredentialStore(real, clock);
    }

    /** The folder itself, without symbolic links. */
    public Path folder() {
        return folder;
    }

    @Override
    public String address() {
        return "file:" + folder;
    }

    @Override
    public DetachableLease acquire(CredentialId id, Holder holder, Duration wait, Consumer<Occupancy> onBusy)
            throws StoreException, CredentialBusyException, InterruptedException {
        CredentialFiles files;
        try {
            files = filesToWrite(id);
        } catch (IOException e) {
            throw FolderProblems.cannot("use", folder, e);
        }
        try (Place place = new Place(new HolderFiles(files.waiters()), holder)) {
            Consumer<Occupancy> waiting = busy -> {
                place.take();
                onBusy.accept(busy);
            };
            return new DetachableRecordLease(files, KernelLock.acquire(files, holder, wait, waiting, clock), clock);
        } catch (IOException e) {
            throw FolderProblems.cannot("use", folder, e);
        }
    }

    /** A place among those who wait, taken only if there is something to wait for. */
    private static final class Place implements AutoCloseable {
        private final HolderFiles waiters;
        private final Holder holder;
        private Use taken = Use.UNSEEN;

        Place(HolderFiles waiters, Holder holder) {
            this.waiters = waiters;
            this.holder = holder;
        }

        void take() {
            if (taken != Use.UNSEEN) {
                return;
            }
            try {
                taken = waiters.add(holder);
            } catch (IOException unseen) {
                // It waits all the same, and only status does not count it.
                return;
            }
        }

        @Override
        public void close() {
            taken.close();
        }
    }

    @Override
    public DetachableLease resume(CredentialId id, LeaseClaim claim)
            throws StoreException, LeaseGoneException, InterruptedException {
        try {
            CredentialFiles files = filesToWrite(id);
            return new DetachableRecordLease(files, KernelLock.resume(files, claim, clock), clock);
        } catch (IOException e) {
            throw FolderProblems.cannot("use", folder, e);
        }
    }

    @Override
    public List<CredentialId> list() throws StoreException {
        return entries().stream()
                .filter(entry -> isOurs(entry) && CredentialFiles.existIn(entry))
                .map(entry -> new CredentialId(name(entry)))
                .toList();
    }

    @Override
    public List<String> strangers() throws StoreException {
        return entries().stream()
                .filter(entry -> !isOurs(entry))
                .map(FileCredentialStore::name)
                .toList();
    }

    private List<Path> entries() throws StoreException {
        Path credentials = credentials();
        if (!Files.isDirectory(credentials, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(credentials)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw FolderProblems.cannot("list", credentials, e);
        }
    }

    /** What a file system, a backup or a person has put here ({@code .snapshot}, {@code lost+found}) is not. */
    private static boolean isOurs(Path entry) {
        return CredentialId.isValid(name(entry))
                && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                && Files.isReadable(entry)
                && Files.isExecutable(entry);
    }

    private static String name(Path entry) {
        return String.valueOf(entry.getFileName());
    }

    @Override
    public Optional<Envelope> peek(CredentialId id) throws StoreException {
        return files(id).current().map(CredentialRecord::envelope);
    }

    @Override
    public OptionalInt waiters(CredentialId id) throws StoreException {
        try {
            return OptionalInt.of(new HolderFiles(files(id).waiters()).all().size());
        } catch (IOException e) {
            throw FolderProblems.cannot("read", folder, e);
        }
    }

    @Override
    public Optional<HeldLease> lease(CredentialId id) throws StoreException {
        try {
            return KernelLock.lease(files(id), clock);
        } catch (IOException e) {
            throw FolderProblems.cannot("read", folder, e);
        }
    }

    /** A living process keeps its lease: it runs on this file system's machines, where it can be ended. */
    @Override
    public boolean breakLease(CredentialId id, long epoch) throws StoreException {
        try {
            return KernelLock.breakDetached(files(id), epoch);
        } catch (IOException e) {
            throw FolderProblems.cannot("use", folder, e);
        }
    }

    @Override
    public Use use(CredentialId id, Holder user) throws StoreException {
        try {
            return new HolderFiles(filesToWrite(id).users()).add(user);
        } catch (IOException e) {
            throw FolderProblems.cannot("use", folder, e);
        }
    }

    @Override
    public List<Holder> users(CredentialId id) throws StoreException {
        try {
            return new HolderFiles(files(id).users()).all();
        } catch (IOException e) {
            throw FolderProblems.cannot("read", folder, e);
        }
    }

    private Path credentials() {
        return folder.resolve("credentials");
    }

    private CredentialFiles files(CredentialId id) {
        return CredentialFiles.ofCommand(credentials().resolve(id.value()), id);
    }

    private CredentialFiles filesToWrite(CredentialId id) throws IOException, StoreException {
        CredentialFiles files = files(id);
        PrivateFiles.createFolder(files.folder());
        FolderProblems.requirePrivate(credentials());
        FolderProblems.requirePrivate(files.folder());
        StoreFormat.write(folder);
        return files;
    }
}
