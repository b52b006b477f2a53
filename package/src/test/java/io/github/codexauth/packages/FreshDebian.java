package io.github.codexauth.packages;

import io.github.codexauth.testing.Requirement;
import io.github.codexauth.testing.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A Debian machine as its installer leaves it, which {@code package/fresh-debian} makes. */
final class FreshDebian {
    private final Path shared;

    private FreshDebian(Path shared) {
        this.shared = shared;
    }

    /** @param shared a folder that lies there at {@code /shared} */
    static FreshDebian with(Path shared) {
        if (!Files.isExecutable(Path.of("/usr/sbin/debootstrap"))) {
            throw Requirement.isMissing("debootstrap is missing: apt-get install debootstrap");
        }
        if (!System.getProperty("user.name").equals("root")) {
            throw Requirement.isMissing("debootstrap needs root");
        }
        return new FreshDebian(shared);
    }

    /** Runs commands there as root, until one fails. */
    Result run(String commands) {
        return Command.run(Map.of(), commands, Release.script("fresh-debian"), shared.toString());
    }

    /** The same with its systemd up. */
    Result runBooted(String commands) {
        if (!Files.isExecutable(Path.of("/usr/bin/podman"))) {
            throw Requirement.isMissing("podman is missing: apt-get install podman runc");
        }
        return Command.run(Map.of(), commands, Release.script("fresh-debian"), "--booted", shared.toString());
    }
}
