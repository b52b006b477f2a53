package io.github.codexauth.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Who could put something else at a path: everybody who rules a folder or a symbolic link on the way there.
 *
 * <p>The way is walked as the kernel walks it, link by link. Each step has to belong to root or to the current user. No
 * other may write to a folder, unless it is sticky as {@code /tmp}, where nobody can replace what is another's, or
 * root's and mounted read-only. So what is found to be safe stays safe.
 *
 * <p>Immutable.
 */
public final class PathOwnership {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path GROUPS = Path.of("/etc/group");
    private static final int LONGEST = 1024 * 1024;

    private static final int ROOT = 0;
    private static final int GROUP_WRITES = 0020;
    private static final int OTHERS_WRITE = 0002;
    private static final int STICKY = 01000;

    /** What the kernel follows at most: path_resolution(7). */
    private static final int MOST_LINKS = 40;

    private final Optional<Integer> user;
    private final boolean privateGroupIsOurs;

    private PathOwnership(Optional<Integer> user, boolean privateGroupIsOurs) {
        this.user = user;
        this.privateGroupIsOurs = privateGroupIsOurs;
    }

    /**
     * By the current user's eyes. The group that many systems make for each user alone, with the user's own number and
     * without members, is that user: home folders are writable by it.
     */
    public static PathOwnership ofCurrentUser() {
        return new PathOwnership(currentUser(), true);
    }

    /** By root's eyes, whoever the current user is: everybody else, and every group, is another. */
    public static PathOwnership ofRoot() {
        return new PathOwnership(Optional.of(ROOT), false);
    }

    /** By the eyes of some user: everybody else but root, and every group, is another. */
    public static PathOwnership of(int user) {
        return new PathOwnership(Optional.of(user), false);
    }

    /** The same, but whoever is in any group is another. */
    public PathOwnership withoutGroups() {
        return new PathOwnership(user, false);
    }

    /**
     * A place on the way that others rule.
     *
     * @param place the folder, link or file
     * @param problem what is wrong with it, a sentence that begins with the place and has no end yet
     * @param hint the command that ends it
     */
    public record Foreign(Path place, String problem, String hint) {}

    /** The current user's number; empty where there is no /proc. */
    public static Optional<Integer> currentUser() {
        return CurrentUser.NUMBER;
    }

    private static Optional<Integer> readCurrentUser() {
        try {
            // Not the owner of /proc/self, which is root for a process that may not be dumped.
            for (String line : Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("Uid:")) {
                    return Optional.of(Integer.parseUnsignedInt(line.split("\t")[2]));
                }
            }
            return Optional.empty();
        } catch (IOException notLinux) {
            return Optional.empty();
        }
    }

    /**
     * The first place on the way to a path, the path itself included, that another user rules.
     *
     * @param path may end in names that do not exist; these are safe if no other could make them
     * @throws IOException if the way cannot be looked at
     */
    public Optional<Foreign> onTheWayTo(Path path) throws IOException {
        Deque<Path> names = namesOf(path.toAbsolutePath());
        Path root = path.toAbsolutePath().getRoot();
        Path at = root;
        Attributes folder = Attributes.of(at);
        Optional<Foreign> foreign = foreign(folder);
        int links = 0;
        while (foreign.isEmpty() && !names.isEmpty()) {
            String name = names.removeFirst().toString();
            if (name.equals("..") || name.equals(".")) {
                at = name.equals("..") && at.getParent() != null ? at.getParent() : at;
                folder = Attributes.of(at);
                continue;
            }
            Attributes step;
            try {
                step = Attributes.of(at.resolve(name));
            } catch (NoSuchFileException missing) {
                return othersMayMake(at.resolve(name), folder);
            }
            foreign = foreign(step);
            if (foreign.isPresent() || !step.isLink()) {
                at = step.path();
                folder = step;
            } else if (++links > MOST_LINKS) {
                throw new IOException(path + " leads through too many symbolic links");
            } else {
                Path target = Files.readSymbolicLink(step.path());
                Deque<Path> ahead = namesOf(target);
                ahead.addAll(names);
                names = ahead;
                at = target.isAbsolute() ? root : at;
                folder = Attributes.of(at);
            }
        }
        return foreign;
    }

    private static Deque<Path> namesOf(Path path) {
        Deque<Path> names = new ArrayDeque<>();
        for (Path name : path) {
            names.add(name);
        }
        return names;
    }

    /** Whether a file, or what lies in it, is another user's doing; a folder above it may still be. */
    public Optional<Foreign> of(Path file) throws IOException {
        return foreign(Attributes.of(file));
    }

    private Optional<Foreign> foreign(Attributes step) {
        if (user.isPresent() && step.owner() != ROOT && step.owner() != user.get()) {
            return Optional.of(new Foreign(
                    step.path(),
                    step.path() + " belongs to another user (uid " + step.owner() + ")",
                    user.get() == ROOT
                            ? "give it to root: chown root " + step.path()
                            : "give it to root or to the user that runs the job: chown \"$(id -u)\" " + step.path()));
        }
        if (!step.isLink() && !step.isSticky() && isWritableByOthers(step) && !isRootsAndReadOnly(step)) {
            return Optional.of(new Foreign(
                    step.path(), step.path() + " can be written by others", "close it: chmod go-w " + step.path()));
        }
        return Optional.empty();
    }

    private Optional<Foreign> othersMayMake(Path missing, Attributes folder) {
        return isWritableByOthers(folder)
                ? Optional.of(new Foreign(
                        missing,
                        missing + " is not there yet, and can be made by everybody",
                        "make it first: mkdir -m 700 " + missing))
                : Optional.empty();
    }

    /** As Kubernetes mounts a ConfigMap: everybody's by its mode, and nobody here can write it. */
    private static boolean isRootsAndReadOnly(Attributes step) {
        try {
            return step.owner() == ROOT
                    && MountPoint.of(step.path().toRealPath(), MountPoint.all()).readOnly();
        } catch (IOException nobodyKnows) {
            return false;
        }
    }

    private boolean isWritableByOthers(Attributes step) {
        boolean byGroup = (step.mode() & GROUP_WRITES) != 0 && !(privateGroupIsOurs && isOursAlone(step.group()));
        return byGroup || (step.mode() & OTHERS_WRITE) != 0;
    }

    /** Root's group is no such group: it has members on many systems, and containers start everybody in it. */
    private boolean isOursAlone(int group) {
        return group != ROOT && user.isPresent() && group == user.get() && !hasMembers(group);
    }

    /**
     * group(5): {@code name:password:number:members}. A group that stands elsewhere, as in a directory server, is taken
     * by its number.
     */
    private static boolean hasMembers(int group) {
        try {
            return Files.size(GROUPS) > LONGEST
                    || Files.readAllLines(GROUPS, StandardCharsets.ISO_8859_1).stream()
                            .map(line -> line.split(":", -1))
                            .anyMatch(fields -> fields.length == 4
                                    && fields[2].equals(Integer.toString(group))
                                    && !fields[3].isBlank()
                                    && !fields[3].equals(fields[0]));
        } catch (NoSuchFileException none) {
            return false;
        } catch (IOException unreadable) {
            return true;
        }
    }

    /** A process does not become another user here, so one look is enough. */
    private static final class CurrentUser {
        private static final Optional<Integer> NUMBER = readCurrentUser();
    }

    /** What stat(2) says of a path, links not followed. */
    private record Attributes(Path path, int owner, int group, int mode) {
        private static final int KIND = 0170000;
        private static final int LINK = 0120000;
        private static final int FOLDER = 0040000;

        static Attributes of(Path path) throws IOException {
            Map<String, Object> attributes = Files.readAttributes(path, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
            return new Attributes(
                    path, number(attributes, "uid"), number(attributes, "gid"), number(attributes, "mode"));
        }

        private static int number(Map<String, Object> attributes, String name) {
            return (Integer) Objects.requireNonNull(attributes.get(name));
        }

        boolean isLink() {
            return (mode & KIND) == LINK;
        }

        boolean isSticky() {
            return (mode & KIND) == FOLDER && (mode & STICKY) != 0;
        }
    }
}
