package io.github.codexauth.runner.storage;

import io.github.codexauth.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Which folders of a container are still there when it is gone. */
public final class ContainerFolders {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");
    /** What GitHub's runner mounts into every container step, and empties after the job. */
    private static final Path GITHUB = Path.of("/github");

    private ContainerFolders() {}

    /**
     * Refuses a store that would vanish, with the refreshed login in it.
     *
     * @throws StoreUnavailableException if it would
     */
    public static void requireLasting(Path store) throws StoreUnavailableException {
        try {
            requireLasting(store, Files.readAllLines(MOUNTS));
        } catch (IOException notLinux) {
            throw vanishes(store, "nobody can tell on what " + store + " lies");
        }
    }

    /** @param mounts the lines of {@code /proc/self/mountinfo}, see proc_pid_mountinfo(5) */
    static void requireLasting(Path store, List<String> mounts) throws StoreUnavailableException {
        Mount mount = new Mount(Path.of("/"), "");
        for (String line : mounts) {
            Mount next = Mount.parse(line);
            // Of two mounts on one folder, the later one hides the other.
            if (store.startsWith(next.folder()) && next.folder().startsWith(mount.folder())) {
                mount = next;
            }
        }
        if (mount.folder().equals(Path.of("/"))) {
            throw vanishes(store, "the store " + store + " lies in the container itself, and would vanish with it");
        }
        if (IN_MEMORY.contains(mount.type())) {
            throw vanishes(store, "the store " + store + " lies in memory (" + mount.type() + "), and would vanish");
        }
        if (store.startsWith(GITHUB)) {
            throw vanishes(store, "the store " + store + " lies where GitHub's runner cleans up after every job");
        }
    }

    private record Mount(Path folder, String type) {
        static Mount parse(String line) {
            String[] halves = line.split(" - ", 2);
            String folder = halves[0].split(" ")[4];
            return new Mount(
                    // Spaces are written in octal.
                    Path.of(folder.replace("\\040", " ")),
                    halves.length < 2 ? "" : halves[1].split(" ")[0]);
        }
    }

    private static StoreUnavailableException vanishes(Path store, String problem) {
        return new StoreUnavailableException(
                problem, "mount a volume there: docker run -v codex-auth:" + store + " …; see docs/container.md");
    }
}
