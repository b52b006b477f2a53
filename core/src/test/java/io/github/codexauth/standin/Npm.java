package io.github.codexauth.standin;

import io.github.codexauth.testing.Requirement;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Packages of npm that tests need, pinned by a lock file and fetched once into {@code target} at the top of the
 * repository.
 */
public final class Npm {
    private Npm() {}

    /**
     * Fetches what a lock file pins, if what is there is not the same. Without npm the test is skipped with a sentence,
     * or fails if {@code CI} is set.
     *
     * @param pinned the folder of {@code package.json} and {@code package-lock.json}, from the top of the repository
     * @param name the folder in {@code target}
     * @return the folder that holds {@code node_modules}
     */
    public static Path install(String pinned, String name) {
        try {
            Path root = repository();
            Path target = root.resolve("target").resolve(name);
            Files.createDirectories(target);
            try (FileChannel lock = FileChannel.open(
                            root.resolve("target/" + name + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    var ignored = lock.lock()) {
                Path wanted = root.resolve(pinned).resolve("package-lock.json");
                Path complete = target.resolve("complete");
                if (!Files.exists(complete) || Files.mismatch(wanted, complete) >= 0) {
                    fetch(root.resolve(pinned), target);
                    Files.copy(wanted, complete, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            return target;
        } catch (IOException e) {
            throw Requirement.isMissing("npm could not fetch " + name + ": " + e.getMessage());
        }
    }

    private static void fetch(Path pinned, Path target) throws IOException {
        for (String file : List.of("package.json", "package-lock.json")) {
            Files.copy(pinned.resolve(file), target.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Path log = target.resolve("npm.log");
        try {
            int exit = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund")
                    .directory(target.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IOException("npm ci ended with " + exit + ", see " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The top of the repository: this project's, or the plugin's own. */
    public static Path repository() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("codex/package-lock.json"))) {
                return folder;
            }
        }
        throw new AssertionError("there is no codex/package-lock.json above the working directory");
    }
}
