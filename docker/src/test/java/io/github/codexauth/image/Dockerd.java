package io.github.codexauth.image;

import io.github.codexauth.testing.DockerDaemon;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The image on a Docker daemon with Docker's defaults. */
final class Dockerd implements Engine {
    private static Dockerd loaded;

    private final DockerDaemon daemon;

    private Dockerd(DockerDaemon daemon) {
        this.daemon = daemon;
    }

    /**
     * With the image loaded. Where no daemon can be started the test is skipped with a sentence, or fails if {@code CI}
     * is set.
     */
    static synchronized Dockerd withImage() {
        if (loaded == null) {
            Dockerd dockerd = new Dockerd(DockerDaemon.get());
            Result load = dockerd.call("load", "--quiet", "--input", Podman.IMAGE.toString());
            if (load.exitCode() != 0) {
                throw new AssertionError(load);
            }
            loaded = dockerd;
        }
        return loaded;
    }

    @Override
    public String image() {
        return "codex-auth:" + System.getProperty("codexauth.version", "0.1.0-SNAPSHOT");
    }

    @Override
    public Map<String, String> environment() {
        return daemon.environment();
    }

    @Override
    public Running start(List<String> arguments, Path stdin) {
        return daemon.start(arguments, stdin);
    }
}
