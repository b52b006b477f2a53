package io.github.codexauth.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether Codex is refreshing a login at this moment: between its question to the server and its rename of {@code auth.json}
 * nobody may end it.
 *
 * <p>Codex holds a lock on {@code auth.lock} in its home all that time (0.169.0). The lock is looked up in {@code /proc/locks} and never
 * taken: Codex would refresh again and again if somebody else held it. Elsewhere than on Linux the answer is always no.
 */
public final class RefreshInFlight {
    private static final Path LOCKS = Path.of("/proc/locks");
    private static final List<String> LOCK_FILES = List.of("auth.lock", "auth.json.lock");

    private RefreshInFlight() {}

    public static boolean isRefreshing(Path home) {
        List<String> inodes = LOCK_FILES.stream()
                .map(home::resolve)
                .map(RefreshInFlight::inode)
                .flatMap(Optional::stream)
                .toList();
        if (inodes.isEmpty()) {
            return false;
        }
        try (Stream<String> locks = Files.lines(LOCKS, StandardCharsets.US_ASCII)) {
            // proc_locks(5): "1: FLOCK  ADVISORY  WRITE 708 08:02:12345 0 EOF"; the device's numbers differ from stat's
            // on
            // some file systems, so the inode alone is compared.
            return locks.anyMatch(lock -> inodes.stream().anyMatch(inode -> lock.contains(":" + inode + " ")));
        } catch (IOException notLinux) {
            return false;
        }
    }

    private static Optional<String> inode(Path file) {
        try {
            return Optional.of(String.valueOf(Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS)));
        } catch (IOException | UnsupportedOperationException absent) {
            return Optional.empty();
        }
    }
}
