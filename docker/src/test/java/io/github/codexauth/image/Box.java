package io.github.codexauth.image;

import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code podman run} of the image, put together step by step. Immutable.
 *
 * @param options what stands before the image
 */
record Box(Podman podman, String name, List<String> options) {
    /** As the README runs it: nothing can be written but a home in memory and what is mounted. */
    static Box hardened(Podman podman, String name) {
        return new Box(
                podman,
                name,
                List.of(
                        "--read-only",
                        "--cap-drop=all",
                        "--security-opt=no-new-privileges",
                        "--tmpfs=/home/codex",
                        "--tmpfs=/tmp"));
    }

    static Box plain(Podman podman, String name) {
        return new Box(podman, name, List.of());
    }

    Box with(String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return new Box(podman, name, List.copyOf(all));
    }

    /** Starts codex-auth, or what {@code --entrypoint} named. */
    Running start(String... arguments) {
        return podman.start(command(arguments));
    }

    /** The words after {@code podman}. Its health checks need systemd, which a test machine may lack. */
    List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of("run", "--rm", "--no-healthcheck", "--name", name));
        command.addAll(options);
        command.add(podman.image());
        command.addAll(List.of(arguments));
        return command;
    }

    Result run(String... arguments) {
        return start(arguments).result();
    }
}
