package io.github.codexauth.image;

import io.github.codexauth.testing.Requirement;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A Docker daemon of the tests' own, with Docker's defaults: its seccomp profile and its capabilities are those that
 * users have. Its socket, images, containers and volumes lie in a temporary folder, and are gone when the tests end.
 *
 * <p>It has no networks but the host's, so that no rule of the machine's firewall is touched.
 */
final class Dockerd implements Engine {
    /**
     * Debian's {@code docker.io}; another Docker that may be on the machine would be told of our daemon all the same.
     */
    private static final String DAEMON = "dockerd";

    private static final Duration UP_WITHIN = Duration.ofSeconds(60);

    private static Dockerd started;

    private final Path folder;
    private final Process daemon;

    private Dockerd(Path folder, Process daemon) {
        this.folder = folder;
        this.daemon = daemon;
    }

    /**
     * With the image loaded. Where no daemon can be started the test is skipped with a sentence, or fails if {@code CI}
     * is set.
     */
    static synchronized Dockerd withImage() {
        if (started == null) {
            try {
                started = start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return started;
    }

    private static Dockerd start() throws IOException {
        Path folder = Files.createTempDirectory("codex-auth-dockerd");
        Process daemon;
        try {
            daemon = new ProcessBuilder(
                            DAEMON,
                            "--host=unix://" + folder.resolve("socket"),
                            "--data-root=" + folder.resolve("data"),
                            "--exec-root=" + folder.resolve("exec"),
                            "--pidfile=" + folder.resolve("pid"),
                            "--iptables=false",
                            "--ip-forward=false",
                            "--ip-masq=false",
                            "--bridge=none")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
        } catch (IOException missing) {
            throw Requirement.isMissing("there is no dockerd; apt-get install docker.io");
        }
        Dockerd dockerd = new Dockerd(folder, daemon);
        Runtime.getRuntime().addShutdownHook(new Thread(dockerd::remove));
        Awaitility.await()
                .atMost(UP_WITHIN)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !daemon.isAlive() || Files.exists(folder.resolve("socket")) && dockerd.answers());
        if (!daemon.isAlive()) {
            throw Requirement.isMissing("dockerd does not run here, which needs root: "
                    + Files.readString(folder.resolve("log")).strip());
        }
        Result loaded = dockerd.call("load", "--quiet", "--input", Podman.IMAGE.toString());
        if (loaded.exitCode() != 0) {
            throw new AssertionError(loaded);
        }
        return dockerd;
    }

    private boolean answers() {
        return call("version", "--format", "{{.Server.Version}}").exitCode() == 0;
    }

    @Override
    public String image() {
        return "codex-auth:" + System.getProperty("codexauth.version", "0.1.0-SNAPSHOT");
    }

    @Override
    public Map<String, String> environment() {
        // A configuration folder of its own: the machine's user may be logged in to registries.
        return Map.of(
                "DOCKER_HOST",
                "unix://" + folder.resolve("socket"),
                "DOCKER_CONFIG",
                folder.resolve("config").toString());
    }

    @Override
    public Running start(List<String> arguments, Path stdin) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(Redirect.from(stdin.toFile()));
        builder.environment().putAll(environment());
        try {
            return new Running(builder.start());
        } catch (IOException e) {
            throw Requirement.isMissing("there is no docker command line; apt-get install docker.io");
        }
    }

    private void remove() {
        try {
            shell("docker ps -aq | xargs -r docker rm -f; docker volume prune -f");
            daemon.destroy();
            daemon.waitFor(20, TimeUnit.SECONDS);
            shell("umount -l exec/netns/* data/* exec/* 2> /dev/null; rm -rf data exec config log pid socket");
            Files.deleteIfExists(folder);
        } catch (IOException left) {
            System.err.println("could not remove " + folder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void shell(String script) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(new File("/dev/null")));
        builder.environment().putAll(environment());
        builder.start().waitFor();
    }
}
