package io.github.codexauth.image;

import io.github.codexauth.testing.Requirement;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A podman of the tests' own: its images, containers and volumes lie in a temporary folder, and are gone when the tests
 * end.
 *
 * <p>Containers get the host's network by {@code --network=host} alone, so that they reach the stand-in and nothing
 * else is set up.
 */
final class Podman implements Engine {
    static final Path IMAGE = Path.of(System.getProperty("codexauth.image", "target/codex-auth-image.tar"));
    private static final String NAME =
            "localhost/codex-auth:" + System.getProperty("codexauth.version", "0.1.0-SNAPSHOT");

    private static Podman started;

    private final Path folder;

    private Podman(Path folder) {
        this.folder = folder;
    }

    /** With the image loaded. Without podman the test is skipped with a sentence, or fails if {@code CI} is set. */
    static synchronized Podman withImage() {
        if (started == null) {
            try {
                started = start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return started;
    }

    private static Podman start() throws IOException {
        Path folder = Files.createTempDirectory("codex-auth-podman");
        Files.writeString(folder.resolve("containers.conf"), """
                [containers]
                netns = "none"
                default_ulimits = ["nofile=8192:8192", "nproc=8192:8192"]
                [engine]
                cgroup_manager = "cgroupfs"
                events_logger = "file"
                runtime = "runc"
                """);
        Files.writeString(folder.resolve("storage.conf"), """
                [storage]
                driver = "overlay"
                graphroot = "%1$s/graph"
                runroot = "%1$s/run"
                """.formatted(folder));
        Podman podman = new Podman(folder);
        podman.requireInstalled();
        Runtime.getRuntime().addShutdownHook(new Thread(podman::remove));
        Result loaded = podman.call("load", "--quiet", "--input", IMAGE.toString());
        if (loaded.exitCode() != 0) {
            throw new AssertionError(loaded);
        }
        return podman;
    }

    private void requireInstalled() {
        try {
            new ProcessBuilder("podman", "--version").start().waitFor();
        } catch (IOException missing) {
            throw Requirement.isMissing("there is no podman; apt-get install podman runc");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(
                "CONTAINERS_CONF", folder.resolve("containers.conf").toString(),
                "CONTAINERS_STORAGE_CONF", folder.resolve("storage.conf").toString());
    }

    @Override
    public String image() {
        return NAME;
    }

    @Override
    public Running start(List<String> arguments, Path stdin) {
        List<String> command = new ArrayList<>(List.of("podman"));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.from(stdin.toFile()));
        builder.environment().putAll(environment());
        try {
            return new Running(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void remove(List<String> containers, String volume) {
        // At once: podman would give a container ten seconds to end by itself.
        containers.forEach(container -> call("rm", "--force", "--ignore", "--time", "0", container));
        call("volume", "rm", "--force", volume);
    }

    private void remove() {
        call("rm", "--all", "--force", "--time", "0");
        call("volume", "rm", "--all", "--force");
        call("rmi", "--all", "--force");
        try {
            for (String command : List.of("umount -l graph/overlay", "rm -rf graph run containers.conf storage.conf")) {
                new ProcessBuilder(command.split(" "))
                        .directory(folder.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
            }
            Files.deleteIfExists(folder);
        } catch (IOException left) {
            System.err.println("could not remove " + folder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
