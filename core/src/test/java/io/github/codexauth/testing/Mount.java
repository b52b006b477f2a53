package io.github.codexauth.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system that a test mounts, and takes away at its end. Needs root and the right to mount; skips the test
 * otherwise.
 */
public final class Mount implements AutoCloseable {
    private final Path at;

    private Mount(Path at) {
        this.at = at;
    }

    /** An empty file system in memory with room for so many KiB, open to its owner alone. */
    public static Mount tmpfs(Path folder, int kibibytes) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        mount("-t", "tmpfs", "-o", "mode=0700,size=" + kibibytes + "k", "tmpfs", folder.toString());
        return new Mount(folder);
    }

    /** Shows a file or folder in a second place. */
    public static Mount bind(Path source, Path target) throws IOException, InterruptedException {
        mount("--bind", source.toString(), target.toString());
        return new Mount(target);
    }

    /** Allows no more writing, or allows it again. */
    public void setReadOnly(boolean readOnly) throws IOException, InterruptedException {
        assertThat(run("mount", "-o", "remount," + (readOnly ? "ro" : "rw"), at.toString()))
                .isEmpty();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        String problem = run("umount", at.toString());
        if (!problem.isEmpty()) {
            run("umount", "-l", at.toString());
        }
    }

    private static void mount(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(arguments));
        String problem = run(command.toArray(String[]::new));
        Assumptions.assumeTrue(problem.isEmpty(), () -> "skipped: this test has to mount something, and " + problem);
    }

    /** Answers what went wrong, empty if nothing did. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException missing) {
            return "there is no " + command[0];
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : String.join(" ", command) + " said: " + output.strip();
    }
}
