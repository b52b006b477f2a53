package io.github.codexauth.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * Files and folders that only their owner can read, on a POSIX file system.
 *
 * <p>Every file is created with its final permissions, so there is no instant at which others could open it. Links are
 * never followed at the last step of a path.
 */
public final class PrivateFiles {
    private static final FileAttribute<?> OWNER_ONLY_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> OWNER_ONLY_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");
    private static final PathOwnership OWNERSHIP = PathOwnership.ofCurrentUser();

    private PrivateFiles() {}

    /**
     * Creates a folder with mode 0700, and its missing parents likewise. An existing folder is left as it is. On return
     * the names of new ones survive a loss of power: what is made durable in a folder is lost with the folder's own
     * name.
     *
     * @throws FileAlreadyExistsException if there is something else of that name
     */
    public static void createFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            createFolder(parent);
        }
        try {
            createNewFolder(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
        syncIfReadable(parentOf(folder));
    }

    /** A folder that we may write in and not list cannot be opened for this; the kernel writes it in its own time. */
    private static void syncIfReadable(Path folder) throws IOException {
        if (Files.isReadable(folder)) {
            sync(folder);
        }
    }

    /** Creates a folder with mode 0700 that did not exist. */
    public static void createNewFolder(Path folder) throws IOException {
        Files.createDirectory(folder, OWNER_ONLY_FOLDER);
    }

    /** Opens a file for reading and writing, creating it with mode 0600. */
    public static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.<OpenOption>of(
                        StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE, NOFOLLOW_LINKS),
                OWNER_ONLY_FILE);
    }

    /**
     * Reads a file of at most {@code longest} bytes.
     *
     * @return empty if there is no such file
     * @throws OversizedFileException if it is larger
     * @throws IOException also if it is a pipe, a device or a link; to open one could take for ever
     */
    public static Optional<byte[]> read(Path file, int longest) throws IOException {
        if (Files.exists(file, NOFOLLOW_LINKS) && !Files.isRegularFile(file, NOFOLLOW_LINKS)) {
            throw new FileSystemException(file.toString(), null, "not a regular file");
        }
        try (InputStream in = Files.newInputStream(file, NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(longest + 1);
            if (bytes.length > longest) {
                throw new OversizedFileException(file, longest);
            }
            return Optional.of(bytes);
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /**
     * Reads a file that only we, or root, can have written.
     *
     * @return empty if there is no such file
     * @throws OversizedFileException if it is larger
     * @throws ForeignFileException if it is no regular file, is another user's, or can be written by others
     */
    public static Optional<byte[]> readOwn(Path file, int longest) throws IOException {
        try {
            if (!Files.readAttributes(file, PosixFileAttributes.class, NOFOLLOW_LINKS)
                    .isRegularFile()) {
                throw new ForeignFileException(file, "it is not a regular file", "remove it: rm -r " + file);
            }
            Optional<PathOwnership.Foreign> foreign = OWNERSHIP.of(file);
            if (foreign.isPresent()) {
                throw new ForeignFileException(
                        file, foreign.get().problem(), foreign.get().hint());
            }
            return read(file, longest);
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /**
     * Replaces a file's content in one step: whoever reads it, and whatever fails meanwhile, there is the old content
     * or the new one. On return it survives a loss of power.
     */
    public static void replace(Path file, byte[] content) throws IOException {
        Path aside = writeAside(file, content);
        try {
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(aside);
            throw e;
        }
        sync(parentOf(file));
    }

    /**
     * Writes a new file with mode 0600, durably.
     *
     * @throws FileAlreadyExistsException if there is something of that name
     */
    public static void createNew(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.<OpenOption>of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, NOFOLLOW_LINKS),
                OWNER_ONLY_FILE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** Writes content, durably, to a new file beside {@code file}; the caller renames it. */
    public static Path writeAside(Path file, byte[] content) throws IOException {
        Path aside = parentOf(file).resolve("." + file.getFileName() + "-" + randomHex(8));
        try {
            createNew(aside, content);
            return aside;
        } catch (IOException e) {
            Files.deleteIfExists(aside);
            throw e;
        }
    }

    /** Makes the names in a folder durable. */
    public static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Takes from a folder of ours every right that others have. */
    public static void close(Path folder) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder, NOFOLLOW_LINKS);
        permissions.removeAll(OTHERS);
        Files.setPosixFilePermissions(folder, permissions);
    }

    /** The permissions others have, in the form {@code ---r-xr-x}; empty if they have none. */
    public static Optional<String> permissionsOfOthers(Path path) throws IOException {
        Set<PosixFilePermission> permissions = Files.readAttributes(path, PosixFileAttributes.class, NOFOLLOW_LINKS)
                .permissions();
        permissions.retainAll(OTHERS);
        return permissions.isEmpty() ? Optional.empty() : Optional.of(PosixFilePermissions.toString(permissions));
    }

    /** Random lower-case hex digits, two for each byte, for names that cannot be guessed. */
    public static String randomHex(int bytes) {
        return HexFormat.of().formatHex(RandomBytes.ofTheKernel(bytes));
    }

    private static Path parentOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("a file has a folder");
        }
        return parent;
    }
}
