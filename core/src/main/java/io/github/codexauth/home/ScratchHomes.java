package io.github.codexauth.home;

import io.github.codexauth.files.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Homes for jobs whose credential never lies in a file: nothing in them is worth keeping, and those of killed jobs are
 * swept away by the next.
 *
 * <pre>
 * FOLDER/RANDOM.lock          locked while the job lives
 * FOLDER/RANDOM/              CODEX_HOME
 * </pre>
 */
public final class ScratchHomes {
    private static final String LOCK = ".lock";

    private final Path folder;

    /** @param folder made when it is first needed; not below the temporary folder, where Codex warns about its home */
    public ScratchHomes(Path folder) {
        this.folder = folder;
    }

    /** A home in use. */
    public static final class Scratch implements AutoCloseable {
        private final CodexHome home;
        private final Path lockFile;
        private final FileChannel lock;

        private Scratch(CodexHome home, Path lockFile, FileChannel lock) {
            this.home = home;
            this.lockFile = lockFile;
            this.lock = lock;
        }

        public CodexHome home() {
            return home;
        }

        /** Wipes the home. What cannot be removed is left to the next sweep. */
        @Override
        public void close() {
            try {
                if (home.wipe().isEmpty()) {
                    Files.deleteIfExists(lockFile);
                }
                lock.close();
            } catch (IOException left) {
                // The next sweep finds it.
            }
        }
    }

    /**
     * Sweeps, and makes a fresh home.
     *
     * @throws HomeException if none can be made
     */
    public Scratch create() throws HomeException {
        try {
            PrivateFiles.createFolder(folder);
            sweep();
            String name = PrivateFiles.randomHex(8);
            Path lockFile = folder.resolve(name + LOCK);
            FileChannel lock = PrivateFiles.open(lockFile);
            lock.lock();
            return new Scratch(CodexHome.create(folder.resolve(name)), lockFile, lock);
        } catch (IOException e) {
            throw new HomeException(
                    "cannot make a private CODEX_HOME in " + folder + ": " + e,
                    "choose a writable place: set XDG_STATE_HOME to a folder on a local disk");
        }
    }

    private void sweep() throws IOException {
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(folder, "*" + LOCK)) {
            for (Path lockFile : locks) {
                sweep(lockFile);
            }
        }
    }

    private void sweep(Path lockFile) throws IOException {
        String name = String.valueOf(lockFile.getFileName());
        CodexHome home = CodexHome.existing(folder.resolve(name.substring(0, name.length() - LOCK.length())));
        try (FileChannel channel = PrivateFiles.open(lockFile);
                FileLock free = channel.tryLock()) {
            Optional<Path> left = free == null ? Optional.of(lockFile) : home.wipe();
            if (left.isEmpty()) {
                Files.deleteIfExists(lockFile);
            }
        } catch (OverlappingFileLockException ours) {
            // This process has it in use.
            return;
        }
    }
}
