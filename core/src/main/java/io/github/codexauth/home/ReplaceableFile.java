package io.github.codexauth.home;

import io.github.codexauth.files.MountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether Codex could replace a file by renaming another over it.
 *
 * <p>Where it could not, it asks the server for new tokens all the same, and then cannot keep them. So this is found
 * out before Codex starts.
 */
public final class ReplaceableFile {
    private ReplaceableFile() {}

    /**
     * Why the file cannot be replaced, as half a sentence; empty if nothing stands in the way. The file need not exist.
     */
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
        try {
            Path real = file.toRealPath();
            for (MountPoint mount : MountPoint.all()) {
                if (mount.path().equals(real)) {
                    return true;
                }
            }
            return false;
        } catch (IOException notLinux) {
            return false;
        }
    }
}
