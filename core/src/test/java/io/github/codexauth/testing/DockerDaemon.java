package io.github.codexauth.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.UnknownHostException;
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
 * <p>It touches no rule of the machine's firewall, so that its networks end at this machine; at first there is the
 * host's alone.
 */
public final class DockerDaemon {
    /**
     * Debian's {@code docker.io}; another Docker that may be on the machine would be told of our daemon all the same.
     */
    private static final String DAEMON = "dockerd";

    private static final Duration UP_WITHIN = Duration.ofSeconds(60);

    private static DockerDaemon started;

    private final Path folder;
    private final Process daemon;

    private DockerDaemon(Path folder, Process daemon) {
        this.folder = folder;
        this.daemon = daemon;
    }

    /**
     * The one of these tests. Where none can be started the test is skipped with a sentence, or fails if {@code CI} is
     * set.
     */
    public static synchronized DockerDaemon get() {
        if (started == null) {
            try {
                started = start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return started;
    }

    private static DockerDaemon start() throws IOException {
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
        DockerDaemon dockerd = new DockerDaemon(folder, daemon);
        Runtime.getRuntime().addShutdownHook(new Thread(dockerd::remove));
        Awaitility.await()
                .atMost(UP_WITHIN)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !daemon.isAlive() || Files.exists(folder.resolve("socket")) && dockerd.answers());
        if (!daemon.isAlive()) {
            throw Requirement.isMissing("dockerd does not run here, which needs root: "
                    + Files.readString(folder.resolve("log")).strip());
        }
        return dockerd;
    }

    private boolean answers() {
        return call("version", "--format", "{{.Server.Version}}").exitCode() == 0;
    }

    /** What makes any {@code docker} command line this daemon's. */
    public Map<String, String> environment() {
        // A configuration folder of its own: the machine's user may be logged in to registries.
        return Map.of(
                "DOCKER_HOST",
                "unix://" + folder.resolve("socket"),
                "DOCKER_CONFIG",
                folder.resolve("config").toString());
    }

    /** Starts a command of the engine that reads a file. */
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

    /** Runs a command of the engine to its end. */
    public Result call(String... arguments) {
        return start(List.of(arguments), Path.of("/dev/null")).result();
    }

    /**
     * Makes a network in which containers do not share this machine's loopback interface. Answers the address at which
     * they reach this machine.
     */
    public InetAddress network(String name) throws UnknownHostException {
        Result made = call("network", "create", name);
        if (made.exitCode() != 0) {
            throw new AssertionError(made);
        }
        return InetAddress.getByName(call("network", "inspect", name, "--format", "{{(index .IPAM.Config 0).Gateway}}")
                .out()
                .strip());
    }

    private void remove() {
        try {
            shell("docker ps -aq | xargs -r docker rm -f; docker volume prune -f; docker network prune -f");
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
