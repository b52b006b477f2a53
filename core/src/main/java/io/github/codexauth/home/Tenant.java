package io.github.codexauth.home;

import io.github.codexauth.files.PathOwnership;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Another user of the machine to whom homes are lent, so that its jobs reach the home and nothing else that is ours.
 *
 * <p>For a process that may give files away: root, or one that has {@code CAP_CHOWN}, and {@code CAP_DAC_OVERRIDE} to
 * read what the tenant has written meanwhile.
 *
 * @param user the tenant's number
 * @param group its group's number
 */
public record Tenant(int user, int group) {
    private static final int READ = 4;
    private static final int PASS = 1;
    private static final String OWNER = "unix:uid";
    private static final String GROUP = "unix:gid";
    private static final Set<PosixFilePermission> OURS_ALONE = PosixFilePermissions.fromString("rwx------");

    /**
     * Gives a home, with everything in it, to the tenant, who may pass through our folders above it from now on, but
     * not look around in them. To be done before the tenant is at work: what is in a home that is its already, it could
     * replace meanwhile by a link to what is ours.
     *
     * @throws HomeException if this process may not give it away
     */
    public void moveInto(Path home) throws HomeException {
        try {
            openTheWayTo(home);
            give(home);
        } catch (IOException | UnsupportedOperationException e) {
            throw cannotGive(home, e);
        }
    }

    /**
     * Gives one file to the tenant, in a folder that stays ours: while the tenant is at work nobody but us can put
     * anything there, such as a link in the place of what we are about to give away.
     *
     * @throws HomeException if this process may not give it away
     */
    public void receive(Path file) throws HomeException {
        try {
            openTheWayTo(file);
            own(file, user, group);
        } catch (IOException | UnsupportedOperationException e) {
            throw cannotGive(file, e);
        }
    }

    private HomeException cannotGive(Path path, Exception e) {
        return new HomeException(
                "cannot give " + path + " to the job's user (uid " + user + "): " + e,
                "start the container as root with its usual capabilities, or with --user \"$(id -u):$(id -g)\"");
    }

    /**
     * Whether the tenant could read a file by itself. To be asked before something is read for it that it, or whoever
     * wrote its files, has named.
     *
     * @throws IOException if the file cannot be looked at
     */
    public boolean mayRead(Path file) throws IOException {
        Path real = file.toRealPath();
        for (Path folder = real.getParent(); folder != null; folder = folder.getParent()) {
            if (!has(PASS, folder)) {
                return false;
            }
        }
        return has(READ, real);
    }

    private boolean has(int right, Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:uid,gid,mode");
        int ofOthers = Objects.equals(attributes.get("gid"), group) ? 3 : 0;
        int shift = Objects.equals(attributes.get("uid"), user) ? 6 : ofOthers;
        return (((Integer) Objects.requireNonNull(attributes.get("mode"))) >> shift & right) != 0;
    }

    private void give(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                for (Path entry : entries) {
                    give(entry);
                }
            }
        }
        own(path, user, group);
    }

    private static void openTheWayTo(Path home) throws IOException {
        for (Path folder = home.getParent();
                folder != null && folder.getParent() != null && isOurs(folder);
                folder = folder.getParent()) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
            if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
                Files.setPosixFilePermissions(folder, permissions);
            }
        }
    }

    /**
     * Who lives in a home.
     *
     * @return empty if it is ours, if there is no such folder, or if nobody can tell
     */
    static Optional<Integer> of(Path home) {
        try {
            Optional<Integer> us = PathOwnership.currentUser();
            int owner = owner(home);
            return us.isEmpty() || us.get() == owner ? Optional.empty() : Optional.of(owner);
        } catch (IOException | UnsupportedOperationException gone) {
            return Optional.empty();
        }
    }

    /**
     * Takes a home back, if it is another's. From the outside in: once a folder is ours, its old owner, who may still
     * have it open, cannot put anything else in the place of what is in it. A link that the tenant made is removed,
     * since it could lead to what the tenant cannot reach by itself.
     *
     * <p>Does what this process may, and leaves the rest as it is.
     */
    static void moveOutOf(Path home) {
        Optional<Integer> us = PathOwnership.currentUser();
        if (us.isPresent() && of(home).isPresent()) {
            try {
                take(home, us.get());
            } catch (IOException | UnsupportedOperationException notOurs) {
                // Whoever reads it next finds what could not be taken, and says so.
                return;
            }
        }
    }

    private static void take(Path path, int us) throws IOException {
        own(path, us, -1);
        if (Files.isSymbolicLink(path)) {
            Files.delete(path);
        } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.setPosixFilePermissions(path, OURS_ALONE);
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                for (Path entry : entries) {
                    take(entry, us);
                }
            }
        }
    }

    private static void own(Path path, int user, int group) throws IOException {
        Files.setAttribute(path, OWNER, user, LinkOption.NOFOLLOW_LINKS);
        if (group >= 0) {
            Files.setAttribute(path, GROUP, group, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static boolean isOurs(Path path) throws IOException {
        Optional<Integer> us = PathOwnership.currentUser();
        return us.isPresent() && us.get() == owner(path);
    }

    private static int owner(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, OWNER, LinkOption.NOFOLLOW_LINKS);
    }
}
