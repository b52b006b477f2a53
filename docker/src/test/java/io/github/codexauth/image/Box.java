package io.github.codexauth.image;

import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code run} of the image, put together step by step. Immutable.
 *
 * @param options what stands before the image
 */
record Box(Engine engine, String name, List<String> options) {
    /**
     * As docs/container.md runs it: nothing can be written but a home in memory and what is mounted, and one user is
     * both
     * codex-auth and its job. */
    static Box hardened(Engine engine, String name) {
        return new Box(
                engine,
                name,
                List.of(
                        "--user=10001:10001",
                        "--read-only",
                        "--cap-drop=all",
                        "--security-opt=no-new-privileges",
                        "--tmpfs=/home/codex",
                        "--tmpfs=/tmp"));
    }

    static Box plain(Engine engine, String name) {
        return new Box(engine, name, List.of());
    }

    Box with(String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return new Box(engine, name, List.copyOf(all));
    }

    /** Starts codex-auth, or what {@code --entrypoint} named. */
    Running start(String... arguments) {
        return engine.start(command(arguments));
    }

    /** The words after the name of the engine. Its health checks need systemd, which a test machine may lack. */
    List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of("run", "--rm", "--no-healthcheck", "--name", name));
        command.addAll(options);
        command.add(engine.image());
        command.addAll(List.of(arguments));
        return command;
    }

    Result run(String... arguments) {
        return start(arguments).result();
    }
}
