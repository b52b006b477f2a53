package io.github.codexauth.store.file;

import io.github.codexauth.files.ForeignFileException;
import io.github.codexauth.files.PathOwnership;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** What can be wrong with a store's folder, in words that say what to type. */
final class FolderProblems {
    private static final int PERMISSIONS_OF_GROUP = 3;
    private static final int PERMISSIONS_OF_ALL = 6;

    private FolderProblems() {}

    /** @throws StoreUnavailableException if it is no folder, belongs to another user, or others have rights on it */
    static void requirePrivate(Path folder) throws IOException, StoreUnavailableException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new StoreUnavailableException(
                    folder + " is not a folder", "give --store file:FOLDER a folder of its own: mkdir -m 700 FOLDER");
        }
        if (!isOurs(folder)) {
            throw new StoreUnavailableException(
                    "the store folder " + folder + " belongs to another user, who could read it",
                    "give it to the user that runs the job: chown \"$(id -u)\" " + folder);
        }
        Optional<String> open = PrivateFiles.permissionsOfOthers(folder).filter(FolderProblems::showsSomething);
        if (open.isPresent() && isOpenToOurGroupAlone(folder, open.get())) {
            // Kubernetes does this to every volume with an fsGroup, and nobody but us is in that group.
            PrivateFiles.close(folder);
        } else if (open.isPresent()) {
            throw new StoreUnavailableException(
                    "the store folder " + folder + " is open to others (" + open.get() + ")",
                    "take their rights away: chmod 700 " + folder);
        }
        if (!Files.isWritable(folder)) {
            throw new StoreUnavailableException(
                    "the store folder " + folder + " cannot be written by this user",
                    "mount it writable and give it to the user that runs the job: chown \"$(id -u)\" " + folder);
        }
    }

    /** Who may only pass through sees nothing; that is how a job's user gets to a home that is lent to it. */
    private static boolean showsSomething(String permissions) {
        return permissions.chars().anyMatch(right -> right == 'r' || right == 'w');
    }

    /** The group with our own number and without members. */
    private static boolean isOpenToOurGroupAlone(Path folder, String permissions) throws IOException {
        return permissions.charAt(PERMISSIONS_OF_GROUP + 1) == 'w'
                && !showsSomething(permissions.substring(PERMISSIONS_OF_ALL))
                && PathOwnership.ofCurrentUser().of(folder).isEmpty();
    }

    /**
     * Only root could use a folder of somebody else that others have no rights on, so elsewhere than on Linux nobody
     * asks.
     */
    private static boolean isOurs(Path folder) throws IOException {
        Optional<Integer> user = PathOwnership.currentUser();
        return user.isEmpty() || user.get().equals(Files.getAttribute(folder, "unix:uid"));
    }

    /** An I/O error as a sentence, with the hint that fits its kind. */
    static StoreUnavailableException cannot(String verb, Path path, Exception e) {
        String problem = "cannot " + verb + " " + path + ": " + reason(e);
        if (e instanceof NoSuchFileException) {
            return new StoreUnavailableException(problem, "make the folder first: mkdir -m 700 " + path);
        }
        if (e instanceof ForeignFileException foreign) {
            return new StoreUnavailableException(problem, foreign.hint());
        }
        if (e instanceof AccessDeniedException) {
            return new StoreUnavailableException(
                    problem, "give it to the user that runs the job: chown \"$(id -u)\" " + path);
        }
        String reason = reason(e).toLowerCase(Locale.ROOT);
        if (reason.contains("no space") || reason.contains("quota")) {
            return new StoreUnavailableException(problem, "free some space: df -h " + path);
        }
        if (reason.contains("read-only")) {
            return new StoreUnavailableException(
                    problem, "mount the volume writable; a refreshed login has to be saved");
        }
        if (reason.contains("lock")) {
            return new StoreUnavailableException(
                    problem,
                    "this file system has no working locks; put the store on a local disk: --store file:/FOLDER");
        }
        return new StoreUnavailableException(problem, "check the path and its file system with: codex-auth doctor");
    }

    private static String reason(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException named && named.getReason() != null) {
            return named.getReason();
        }
        return String.valueOf(e.getMessage());
    }
}
