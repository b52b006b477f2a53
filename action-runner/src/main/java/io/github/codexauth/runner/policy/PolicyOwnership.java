package io.github.codexauth.runner.policy;

import io.github.codexauth.files.MountPoint;
import io.github.codexauth.files.PathOwnership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Who could have written a policy file, or put another in its place: see {@link PathOwnership}. */
final class PolicyOwnership {
    private static final int ROOT = 0;
    private static final List<Path> OPERATORS_PLACES = List.of(Path.of("/etc"), Path.of("/usr/local"));

    private PolicyOwnership() {}

    /**
     * @param jobUser whom the job runs as
     * @throws InvalidPolicyException if somebody other than root and that user could
     */
    static void requireTrusted(Path file, int jobUser) throws IOException, InvalidPolicyException {
        Optional<PathOwnership.Foreign> foreign =
                PathOwnership.of(jobUser).withoutGroups().onTheWayTo(file);
        if (foreign.isPresent()) {
            throw new InvalidPolicyException(
                    foreign.get().problem() + ", who could change the policy",
                    foreign.get().hint());
        }
    }

    /** Whether the job's user could change the file: by right, or by being its owner. */
    static boolean isWritableBy(Path file, int jobUser) throws IOException {
        Path real = file.toRealPath();
        Path folder = real.getParent();
        if (Files.isWritable(real) || (folder != null && Files.isWritable(folder))) {
            return true;
        }
        // Root is everybody's owner; what holds root back is a read-only mount. If we are root, the two questions above
        // saw it.
        return jobUser == ROOT
                ? !weAre(ROOT) && !MountPoint.of(real, MountPoint.all()).readOnly()
                : owner(real) == jobUser;
    }

    /**
     * Whether a file is an operator's own: root's, writable by nobody else on the whole way, and in one of the places
     * that packages do not fill. They ship certificates of their tests, whose keys everybody knows.
     */
    static boolean isOperators(Path file) {
        try {
            Path real = file.toRealPath();
            return PathOwnership.ofRoot().onTheWayTo(file).isEmpty()
                    && OPERATORS_PLACES.stream().anyMatch(real::startsWith);
        } catch (IOException no) {
            return false;
        }
    }

    private static boolean weAre(int user) {
        return PathOwnership.currentUser().equals(Optional.of(user));
    }

    private static int owner(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }
}
