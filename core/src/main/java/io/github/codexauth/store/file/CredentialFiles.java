package io.github.codexauth.store.file;

import io.github.codexauth.CredentialId;
import io.github.codexauth.files.OversizedFileException;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.RecordFormat;
import io.github.codexauth.store.StoreException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One credential's folder: the records in it, for a {@link FileCredentialStore} and for stores that keep others out in
 * a way of their own.
 *
 * @param place where the folder is now: one of a CI controller can move while a job has the credential. It exists only
 *     after the first lease
 * @param hints what to do about damaged records
 */
public record CredentialFiles(Supplier<Path> place, CredentialId id, RepairHints hints) {
    static final String CURRENT = "current.json";
    private static final String PREVIOUS = "previous.json";

    public Path folder() {
        return place.get();
    }

    Path leaseLock() {
        return folder().resolve("lease.lock");
    }

    Path users() {
        return folder().resolve("users");
    }

    Path waiters() {
        return folder().resolve("waiters");
    }

    Path leaseJson() {
        return folder().resolve("lease.json");
    }

    /** With the hints of the {@code codex-auth} command. */
    static CredentialFiles ofCommand(Path folder, CredentialId id) {
        String seedAgain = "log in again and: codex-auth seed --replace --id " + id;
        return new CredentialFiles(
                () -> folder,
                id,
                new RepairHints(
                        "if 'codex-auth rescue --list --id " + id + "' shows a copy, take it: codex-auth rescue --id "
                                + id
                                + "; if " + folder.resolve(PREVIOUS)
                                + " exists, go back to it: codex-auth rescue --previous --id " + id
                                + "; otherwise " + seedAgain,
                        seedAgain));
    }

    /** Whether a login is stored in a folder, readable or not. Other folders may stand beside those of credentials. */
    public static boolean existIn(Path folder) {
        return Files.exists(folder.resolve(CURRENT));
    }

    /** A lease on these records, which lasts as long as others are kept out. */
    public Lease lease(Exclusion exclusion) {
        return new RecordLease(this, exclusion);
    }

    /**
     * The current generation; empty if nothing was ever stored.
     *
     * @throws CorruptRecordException if it cannot be read
     */
    public Optional<CredentialRecord> current() throws StoreException {
        return read(folder().resolve(CURRENT), hints.current());
    }

    Optional<CredentialRecord> previous() throws StoreException {
        return read(folder().resolve(PREVIOUS), hints.previous());
    }

    boolean hasPrevious() {
        return Files.exists(folder().resolve(PREVIOUS));
    }

    /**
     * Replaces the current record. Not durable before {@link #makeDurable}.
     *
     * @param keep whether the old one becomes the previous one; else the previous one stays
     */
    void replaceCurrent(CredentialRecord record, boolean keep) throws IOException {
        Path current = folder().resolve(CURRENT);
        Path aside = PrivateFiles.writeAside(current, RecordFormat.write(record));
        try {
            if (keep && Files.exists(current)) {
                keepAsPrevious(current);
            }
            Files.move(aside, current, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(aside);
            throw e;
        }
    }

    /** Makes the names of the records survive a loss of power. */
    void makeDurable() throws IOException {
        PrivateFiles.sync(folder());
    }

    /** Makes a file of a record's size durable under a name of its own, renames it, and removes it. */
    void proveWritable() throws IOException {
        Path aside = PrivateFiles.writeAside(folder().resolve("probe"), new byte[16 * 1024]);
        Path renamed = folder().resolve(".probe");
        try {
            Files.move(aside, renamed, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
            Files.deleteIfExists(renamed);
        }
    }

    /** Removes what a killed writer left half done; only the holder of the lease may. */
    public void removeLeftovers() throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder(), ".*")) {
            for (Path leftover : leftovers) {
                Files.deleteIfExists(leftover);
            }
        }
    }

    /** Keeps a damaged current record under another name and goes back to the previous one. */
    void setDamagedAside() throws IOException {
        Path current = folder().resolve(CURRENT);
        Files.move(
                current,
                folder().resolve("damaged-" + PrivateFiles.randomHex(4) + ".json"),
                StandardCopyOption.ATOMIC_MOVE);
        Path previous = folder().resolve(PREVIOUS);
        if (Files.exists(previous)) {
            Files.move(previous, current, StandardCopyOption.ATOMIC_MOVE);
        }
        PrivateFiles.sync(folder());
    }

    private void keepAsPrevious(Path current) throws IOException {
        Path link = folder().resolve("." + PREVIOUS + "-" + PrivateFiles.randomHex(8));
        try {
            Files.createLink(link, current);
        } catch (UnsupportedOperationException | IOException noHardLinks) {
            // Some network and FUSE file systems have none; a copy costs a write and is as good.
            Files.copy(current, link);
        }
        Files.move(link, folder().resolve(PREVIOUS), StandardCopyOption.ATOMIC_MOVE);
        // rename(2) does nothing when both names are links to one file, as after a crash between two renames.
        Files.deleteIfExists(link);
    }

    private Optional<CredentialRecord> read(Path file, String hint) throws StoreException {
        Optional<byte[]> bytes;
        try {
            bytes = PrivateFiles.readOwn(file, RecordFormat.LONGEST);
        } catch (OversizedFileException e) {
            throw new CorruptRecordException(file + " is damaged: it is larger than any record", hint);
        } catch (IOException e) {
            throw FolderProblems.cannot("read", file, e);
        }
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        CredentialRecord record = RecordFormat.read(bytes.get(), file.toString(), hint);
        if (!record.envelope().id().equals(id)) {
            throw new CorruptRecordException(
                    file + " holds another credential's record ('"
                            + record.envelope().id() + "')",
                    hint);
        }
        return Optional.of(record);
    }
}
