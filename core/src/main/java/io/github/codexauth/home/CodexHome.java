package io.github.codexauth.home;

import io.github.codexauth.AuthJson;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.files.PathOwnership;
import io.github.codexauth.files.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@code CODEX_HOME} that belongs to one job alone: a folder with mode 0700, {@code auth.json} in it with mode 0600.
 *
 * <p>It is always a folder of its own and never a mounted or linked file, because Codex replaces {@code auth.json} by a
 * rename: where that fails, the server has already taken the old refresh token back, and the login is gone.
 */
public final class CodexHome {
    /** Codex leaves about 1 MB of its own in a home; less room than this is refused before it could rotate anything. */
    private static final int ROOM = 2 * 1024 * 1024;

    private final Path folder;

    private CodexHome(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes a fresh home.
     *
     * @param folder does not exist yet; its parent is made if need be, with mode 0700
     * @throws HomeException if it cannot be made
     */
    public static CodexHome create(Path folder) throws HomeException {
        try {
            Path absolute = folder.toAbsolutePath();
            Path parent = absolute.getParent();
            if (parent != null) {
                PrivateFiles.createFolder(parent);
            }
            PrivateFiles.createNewFolder(absolute);
            // The real path, since the sandbox's deny rules and /proc compare it.
            return new CodexHome(absolute.toRealPath());
        } catch (IOException e) {
            throw new HomeException(
                    "cannot make a private CODEX_HOME at " + folder + ": " + e,
                    "choose a writable place: set XDG_STATE_HOME, or --store file:/FOLDER on a local disk");
        }
    }

    /** A home that an earlier process made. */
    public static CodexHome existing(Path folder) {
        return new CodexHome(folder);
    }

    /** The folder, for the variable {@code CODEX_HOME}. */
    public Path folder() {
        return folder;
    }

    /**
     * Takes the home back from a user to whom it was lent; does nothing if it is ours. Afterwards nothing of what that
     * user left running can change what is in it.
     */
    public void moveOut() {
        Tenant.moveOutOf(folder);
    }

    /** Where Codex keeps the login. */
    public Path authJson() {
        return folder.resolve("auth.json");
    }

    /** Writes Codex's settings. */
    public void writeConfig(byte[] configToml) throws HomeException {
        try {
            PrivateFiles.replace(folder.resolve("config.toml"), configToml);
        } catch (IOException e) {
            throw unusable(e.toString());
        }
    }

    /**
     * Puts a login in, and proves that Codex will be able to replace it.
     *
     * @param authJson the exact bytes
     * @throws HomeException if Codex could not: the disk is full, or the folder is not what it seems
     */
    public void restore(byte[] authJson) throws HomeException {
        try {
            proveRoom();
            PrivateFiles.replace(authJson(), authJson);
            // Twice, since the second rename is the one that Codex will do: over an existing file.
            PrivateFiles.replace(authJson(), authJson);
        } catch (IOException e) {
            throw unusable(e.toString());
        }
        Optional<String> obstacle = ReplaceableFile.obstacle(authJson());
        if (obstacle.isPresent()) {
            throw unusable(obstacle.get());
        }
    }

    /**
     * The login as it is on the disk now, there or at the end of a link; empty if there is none that is a plain file of
     * a sensible size.
     */
    public Optional<byte[]> readAuthJson() {
        return read(linkedLogin().orElse(authJson()));
    }

    /**
     * Every file that may hold the login: {@code auth.json}, and what Codex had written aside when it was killed before
     * the rename ({@code .auth-XXXXXX}).
     */
    public List<byte[]> candidates() {
        List<byte[]> candidates = new ArrayList<>();
        for (Path file : loginFiles()) {
            Optional<byte[]> candidate = read(file);
            if (candidate.isPresent()) {
                candidates.add(candidate.get());
            }
        }
        return candidates;
    }

    private static boolean isLogin(byte[] file) {
        try {
            AuthJson.parse(file, "auth.json");
            return true;
        } catch (InvalidAuthJsonException tornOrSomethingElse) {
            return false;
        }
    }

    /**
     * A login that is here and is not ours to read, because a step of the job ran Codex as another user. It may be the
     * only valid one, so its home must stay.
     */
    public Optional<Path> unreadableLogin() {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && isNotOursToRead(folder)) {
            return Optional.of(folder);
        }
        return loginFiles().stream()
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isNotOursToRead(file))
                .findFirst()
                .or(() -> linkTarget().filter(target -> !isTheirs(target)).filter(CodexHome::mayBeLogin));
    }

    /**
     * The login that {@code auth.json} links to, if it does: Codex replaces the file there, so that is the newest. Only
     * a file of whoever made the link counts, since a job could name one that it cannot read itself.
     */
    public Optional<Path> linkedLogin() {
        return linkTarget().filter(this::isTheirs).filter(CodexHome::mayBeLogin);
    }

    /**
     * The plain file at the end of the link; empty if {@code auth.json} is no link, or leads to nothing of that kind.
     */
    private Optional<Path> linkTarget() {
        try {
            // A tenant's link could lead to what we can read and the tenant cannot.
            return Files.isSymbolicLink(authJson()) && Tenant.of(folder).isEmpty()
                    ? Optional.of(authJson().toRealPath()).filter(Files::isRegularFile)
                    : Optional.empty();
        } catch (IOException nowhere) {
            return Optional.empty();
        }
    }

    private boolean isTheirs(Path target) {
        try {
            return Files.getOwner(target, LinkOption.NOFOLLOW_LINKS)
                    .equals(Files.getOwner(authJson(), LinkOption.NOFOLLOW_LINKS));
        } catch (IOException gone) {
            return false;
        }
    }

    /** What cannot be read may be one. */
    private static boolean mayBeLogin(Path file) {
        return !Files.isReadable(file) || read(file).filter(CodexHome::isLogin).isPresent();
    }

    /**
     * What another user made may be that user's trap. Root takes up what any user left, since root alone lets others
     * in.
     */
    private static boolean isNotOursToRead(Path path) {
        if (!Files.isReadable(path)) {
            return true;
        }
        try {
            Optional<Integer> user = PathOwnership.currentUser().filter(number -> number != 0);
            return user.isPresent()
                    && !user.get().equals(Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS));
        } catch (IOException gone) {
            return false;
        }
    }

    /** Where a login may be: {@code auth.json} first, whether it exists or not. */
    private List<Path> loginFiles() {
        List<Path> files = new ArrayList<>(List.of(linkedLogin().orElse(authJson())));
        try (DirectoryStream<Path> asides = Files.newDirectoryStream(folder, ".auth-*")) {
            asides.forEach(files::add);
        } catch (IOException noFolder) {
            // Then auth.json, or nothing, is all there is.
        }
        return files;
    }

    /**
     * Ends the Codex processes that use this home, but none in the middle of a refresh. Throws nothing but an
     * interrupt.
     *
     * @param patience how long refreshes may take before they are ended all the same
     * @return how many there were
     */
    public int endProcesses(Patience patience) throws InterruptedException {
        return endProcesses(patience, () -> {});
    }

    /** @param waiting run once if there is a refresh to wait for */
    public int endProcesses(Patience patience, Runnable waiting) throws InterruptedException {
        return new CodexProcesses(folder).end(patience, waiting);
    }

    /**
     * Removes the folder and everything in it, without following links.
     *
     * @return what could not be removed, empty if all is gone
     */
    public Optional<Path> wipe() {
        moveOut();
        List<Path> left = new ArrayList<>();
        SimpleFileVisitor<Path> remove = new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                return delete(file);
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return delete(file);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) {
                return delete(visited);
            }

            private FileVisitResult delete(Path path) {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    left.add(path);
                }
                return FileVisitResult.CONTINUE;
            }
        };
        try {
            // The login first: should the rest take long or fail, the secret is gone.
            Files.deleteIfExists(authJson());
            Files.walkFileTree(folder, remove);
        } catch (IOException e) {
            left.add(folder);
        }
        return Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(left.isEmpty() ? folder : left.get(0))
                : Optional.empty();
    }

    private static Optional<byte[]> read(Path file) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? PrivateFiles.read(file, AuthJson.LONGEST)
                    : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private void proveRoom() throws IOException {
        Path probe = folder.resolve(".room");
        try (FileChannel channel = PrivateFiles.open(probe)) {
            ByteBuffer zeros = ByteBuffer.allocate(64 * 1024);
            for (int written = 0; written < ROOM; written += zeros.capacity()) {
                zeros.clear();
                while (zeros.hasRemaining()) {
                    channel.write(zeros);
                }
            }
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    private HomeException unusable(String reason) {
        return new HomeException(
                "Codex could not keep a refreshed login in " + folder + ": " + reason,
                "use a local, writable folder with some free space: df -h " + folder.getParent());
    }
}
