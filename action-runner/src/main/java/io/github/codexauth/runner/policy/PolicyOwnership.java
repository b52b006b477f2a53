package io.github.codexauth.runner.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Who could have written a policy file, or put another in its place.
 *
 * <p>The file and every folder above it have to belong to root or to the current user, and nobody else may write to
 * them; a sticky folder such as {@code /tmp} is all right, since there nobody can replace what is another's.
 */
final class PolicyOwnership {
    private static final int ROOT = 0;
    private static final int GROUP_OR_OTHERS_WRITE = 0022;
    private static final int STICKY = 01000;
    private static final List<Path> OPERATORS_PLACES = List.of(Path.of("/etc"), Path.of("/usr/local"));

    private PolicyOwnership() {}

    /** @throws InvalidPolicyException if somebody else could */
    static void requireTrusted(Path file, int currentUser) throws IOException, InvalidPolicyException {
        for (Path path = file.toAbsolutePath().normalize(); path != null; path = path.getParent()) {
            requireTrustedStep(path, currentUser);
        }
        // Behind a symbolic link lies another path with other folders.
        for (Path path = file.toRealPath(); path != null; path = path.getParent()) {
            requireTrustedStep(path, currentUser);
        }
    }

    /** Whether the current user could change the file: by right, or by being its owner. */
    static boolean isWritableBy(Path file, int currentUser) throws IOException {
        Path real = file.toRealPath();
        Path folder = real.getParent();
        if (Files.isWritable(real) || (folder != null && Files.isWritable(folder))) {
            return true;
        }
        // Root is everybody's owner; what holds root back is a read-only mount, and the two questions above saw it.
        return currentUser != ROOT && owner(real) == currentUser;
    }

    /**
     * Whether a file is an operator's own: root's, writable by nobody else on the whole way, and in one of the places that packages do not
     * fill. They ship certificates of their tests, whose keys everybody knows.
     */
    static boolean isOperators(Path file) {
        try {
            Path real = file.toRealPath();
            requireTrusted(file, ROOT);
            return OPERATORS_PLACES.stream().anyMatch(real::startsWith);
        } catch (IOException | InvalidPolicyException no) {
            return false;
        }
    }

    private static void requireTrustedStep(Path path, int currentUser) throws IOException, InvalidPolicyException {
        int owner = owner(path);
        if (owner != ROOT && owner != currentUser) {
            throw new InvalidPolicyException(
                    path + " belongs to another user (uid " + owner + "), who could change the policy",
                    "give it to root: chown root " + path);
        }
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        boolean link = Files.isSymbolicLink(path);
        boolean stickyFolder = Files.isDirectory(path) && (mode & STICKY) != 0;
        if (!link && !stickyFolder && (mode & GROUP_OR_OTHERS_WRITE) != 0) {
            throw new InvalidPolicyException(
                    path + " can be written by others, who could change the policy", "close it: chmod go-w " + path);
        }
    }

    private static int owner(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }
}
