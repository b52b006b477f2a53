package io.github.codexauth.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A place where this process sees a file system or a single file mounted: a line of proc_pid_mountinfo(5).
 *
 * @param path where it is mounted
 * @param type of its file system, such as {@code ext4}; empty if the line does not say
 * @param readOnly whether nobody can change anything through this mount, whatever the modes of files say
 */
public record MountPoint(Path path, String type, boolean readOnly) {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final int PATH_FIELD = 4;
    private static final int OPTIONS_FIELD = 5;
    private static final MountPoint NONE = new MountPoint(Path.of("/"), "", false);

    /**
     * All mount points, in the order in which they were mounted.
     *
     * @throws IOException where there is no such list, as elsewhere than on Linux
     */
    public static List<MountPoint> all() throws IOException {
        return parse(Files.readAllLines(MOUNTS));
    }

    /** Reads the lines of a list; lines that are none are left out. */
    public static List<MountPoint> parse(List<String> lines) {
        List<MountPoint> mounts = new ArrayList<>();
        for (String line : lines) {
            if (line.split(" ").length > PATH_FIELD) {
                mounts.add(parse(line));
            }
        }
        return mounts;
    }

    /**
     * The one through which a path is seen.
     *
     * @param path absolute, without links
     * @param mounts in the order in which they were mounted
     */
    public static MountPoint of(Path path, List<MountPoint> mounts) {
        MountPoint mount = NONE;
        for (MountPoint next : mounts) {
            // Of two mounts on one folder, the later one hides the other.
            if (path.startsWith(next.path()) && next.path().startsWith(mount.path())) {
                mount = next;
            }
        }
        return mount;
    }

    private static MountPoint parse(String line) {
        String[] halves = line.split(" - ", 2);
        String[] fields = halves[0].split(" ");
        return new MountPoint(
                Path.of(unescape(fields[PATH_FIELD])),
                halves.length < 2 ? "" : halves[1].split(" ")[0],
                fields.length > OPTIONS_FIELD
                        && List.of(fields[OPTIONS_FIELD].split(",")).contains("ro"));
    }

    /** Blanks and backslashes are written in octal. */
    private static String unescape(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
