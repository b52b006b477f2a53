package io.github.codexauth.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A place where this process sees a file system or a single file mounted: a line of proc_pid_mountinfo(5).
 *
 * @param path where it is mounted
 * @param type of its file system, such as {@code ext4}; empty if the line does not say
 */
public record MountPoint(Path path, String type) {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final int PATH_FIELD = 4;

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
        return lines.stream()
                .filter(line -> line.split(" ").length > PATH_FIELD)
                .map(MountPoint::parse)
                .toList();
    }

    private static MountPoint parse(String line) {
        String[] halves = line.split(" - ", 2);
        return new MountPoint(
                Path.of(unescape(line.split(" ")[PATH_FIELD])),
                halves.length < 2 ? "" : halves[1].split(" ")[0]);
    }

    /** Blanks and backslashes are written in octal. */
    private static String unescape(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
