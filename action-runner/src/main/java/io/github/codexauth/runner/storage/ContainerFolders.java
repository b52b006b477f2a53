package io.github.codexauth.runner.storage;

import io.github.codexauth.files.MountPoint;
import io.github.codexauth.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Which folders of a container are still there when it is gone. */
public final class ContainerFolders {
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
            requireLasting(store, MountPoint.all());
        } catch (IOException notLinux) {
            throw vanishes(store, "nobody can tell on what " + store + " lies");
        }
    }

    /** @param mounts in the order in which they were mounted */
    static void requireLasting(Path store, List<MountPoint> mounts) throws StoreUnavailableException {
        MountPoint mount = MountPoint.of(store, mounts);
        if (mount.path().equals(Path.of("/"))) {
            throw vanishes(store, "the store " + store + " lies in the container itself, and would vanish with it");
        }
        if (IN_MEMORY.contains(mount.type())) {
            throw vanishes(store, "the store " + store + " lies in memory (" + mount.type() + "), and would vanish");
        }
        if (store.startsWith(GITHUB)) {
            throw vanishes(store, "the store " + store + " lies where GitHub's runner cleans up after every job");
        }
    }

    private static StoreUnavailableException vanishes(Path store, String problem) {
        return new StoreUnavailableException(
                problem,
                "mount a volume there: docker run -v codex-auth:" + volume(store) + " …; see docs/container.md");
    }

    /** Where to mount it: the image's own store is a folder in its volume, since the volume's is somebody's already. */
    private static Path volume(Path store) {
        Path above = store.getParent();
        return store.endsWith("store") && above != null ? above : store;
    }
}
