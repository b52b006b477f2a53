package io.github.codexauth.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether Codex could replace a file by renaming another over it.
 *
 * <p>Where it could not, it asks the server for new tokens all the same, and then cannot keep them. So this is found out before
 * Codex starts.
 */
public final class ReplaceableFile {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

    private ReplaceableFile() {}

    /** Why the file cannot be replaced, as half a sentence; empty if nothing stands in the way. The file need not exist. */
    public static Optional<String> obstacle(Path file) {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return Optional.of("there is no folder " + folder);
        }
        if (isMountPoint(absolute)) {
            return Optional.of(absolute + " is mounted as a single file, which cannot be replaced; mount its folder");
        }
        if (!Files.isWritable(folder)) {
            return Optional.of("the folder " + folder + " cannot be written");
        }
        if (!Files.exists(absolute, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(absolute)) {
            return Optional.empty();
        }
        try {
            if (Files.getAttribute(absolute, "unix:nlink", LinkOption.NOFOLLOW_LINKS) instanceof Integer links
                    && links > 1) {
                return Optional.of(absolute + " has " + links
                        + " hard links; a refresh would update one name and leave an old login under the others");
            }
        } catch (IOException | UnsupportedOperationException notKnownHere) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean isMountPoint(Path file) {
        try (Stream<String> mounts = Files.lines(MOUNTS, StandardCharsets.UTF_8)) {
            String path = file.toRealPath().toString();
            // Field 5 of proc_pid_mountinfo(5), with blanks and backslashes in octal.
            return mounts.map(line -> line.split(" ", 6))
                    .filter(fields -> fields.length > 5)
                    .anyMatch(fields -> unescape(fields[4]).equals(path));
        } catch (IOException notLinux) {
            return false;
        }
    }

    private static String unescape(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
