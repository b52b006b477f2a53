package io.github.codexauth.home;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A process as {@code /proc} shows it. What cannot be read, because the process has ended or is somebody else's, is
 * answered as if it were not there. Nothing here throws: the end of a session goes through it, and has a login to save.
 *
 * <p>Every process of the machine is looked at while a job's user waits. So what is asked of each is written with loops
 * and plain calls: Java would first make classes for lambdas, and for the equality of records.
 *
 * @param pid its number; it may have ended, and then there is nothing to see
 */
record LinuxProcess(long pid) {
    private static final Path PROC = Path.of("/proc");
    private static final int LONGEST = 2 * 1024 * 1024;

    /** How paths are encoded on this machine; bytes of other encodings are not a path that Java could look at. */
    private static final Charset PATHS = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    /** All that can be seen; none where there is no {@code /proc}. */
    static List<LinuxProcess> all() {
        List<LinuxProcess> found = new ArrayList<>();
        for (String name : names(PROC)) {
            // Of all that is there, only processes begin with a digit.
            if (Character.isDigit(name.charAt(0))) {
                found.add(new LinuxProcess(Long.parseLong(name)));
            }
        }
        return found;
    }

    /** The name of the file that it runs, whatever it calls itself; empty if that cannot be seen. */
    String executable() {
        Optional<Path> file = link("exe");
        return file.isEmpty() ? "" : String.valueOf(file.get().getFileName());
    }

    /** What it calls itself, which everybody may see; empty if it has ended. */
    String name() {
        return words("comm").stream().findFirst().map(String::strip).orElse("");
    }

    /** Whose process it is, which everybody may see as well; empty if it has ended. */
    Optional<Integer> user() {
        return words("status").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("Uid:\t"))
                .map(line -> Integer.parseUnsignedInt(line.split("\t")[1]))
                .findFirst();
    }

    /** Its words, as far as they can be seen. */
    List<String> commandLine() {
        return words("cmdline");
    }

    /** Its variables, each as {@code NAME=value}, as they were when it was started. */
    List<String> environment() {
        return words("environ");
    }

    /** One of its variables; empty if it is not set, or set to nothing. */
    Optional<String> variable(String name) {
        return environment().stream()
                .filter(variable -> variable.startsWith(name + "="))
                .map(variable -> variable.substring(name.length() + 1))
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /**
     * Whether a path, as this process would take it, is the given folder: by links, relative, with its own root or not.
     */
    boolean means(String path, Path folder) {
        try {
            // As the process sees it: through /proc, since it may have another working directory, or another root as in
            // a container.
            Path seen = path.startsWith("/")
                    ? at("root").resolve(path.substring(1))
                    : at("cwd").resolve(path);
            return Files.isSameFile(seen, folder);
        } catch (IOException | RuntimeException noSuchPath) {
            return false;
        }
    }

    /** What it has open: paths, and names such as {@code socket:[4711]}. */
    List<Path> openFiles() {
        List<Path> targets = new ArrayList<>();
        for (String descriptor : names(at("fd"))) {
            Optional<Path> target = link("fd/" + descriptor);
            if (target.isPresent()) {
                targets.add(target.get());
            }
        }
        return targets;
    }

    /** Its TCP connections, whoever the other end is; see {@link TcpConnections}. */
    List<String> connections() {
        List<String> sockets = openFiles().stream()
                .map(Path::toString)
                .filter(name -> name.startsWith("socket:["))
                .map(name -> name.substring("socket:[".length(), name.length() - 1))
                .toList();
        return sockets.isEmpty()
                ? sockets
                : TcpConnections.in(at("net")).stream()
                        .filter(sockets::contains)
                        .toList();
    }

    /** Those that started it, the nearest first, as far as they still live. */
    List<LinuxProcess> ancestors() {
        List<LinuxProcess> ancestors = new ArrayList<>();
        Optional<ProcessHandle> process = handle();
        while (process.isPresent()) {
            process = process.get().parent();
            if (process.isPresent()) {
                ancestors.add(new LinuxProcess(process.get().pid()));
            }
        }
        return ancestors;
    }

    Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LinuxProcess process && process.pid == pid;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(pid);
    }

    private Path at(String name) {
        return Path.of("/proc/" + pid + "/" + name);
    }

    private Optional<Path> link(String name) {
        try {
            return Optional.of(Files.readSymbolicLink(at(name)));
        } catch (IOException | RuntimeException endedOrNotOurs) {
            return Optional.empty();
        }
    }

    private List<String> words(String name) {
        try (var in = new FileInputStream(at(name).toFile())) {
            return List.of(new String(in.readNBytes(LONGEST), PATHS).split("\0"));
        } catch (IOException | RuntimeException endedOrNotOurs) {
            return List.of();
        }
    }

    /**
     * What a folder holds; nothing if it cannot be read, as most processes' cannot. This way makes neither paths nor
     * exceptions.
     */
    private static String[] names(Path folder) {
        String[] names = folder.toFile().list();
        return names == null ? new String[0] : names;
    }
}
