package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * GitHub's runner as it drives containers: its folders with its modes and its user, its mounts, variables and command
 * lines. Source: actions/runner 2.336.0, ContainerActionHandler.cs, ContainerOperationProvider.cs and
 * DockerCommandManager.cs.
 */
final class GitHubRunner {
    /** The runner's user, who owns what the runner makes. */
    static final int USER = 1234;

    private final Engine engine;
    private final String name;
    private final Path work;
    /** What the test needs on top: the way to the stand-in. */
    private final List<String> more;

    /** @param work becomes the runner's {@code _work} */
    GitHubRunner(Engine engine, String name, Path work, List<String> more) {
        this.engine = engine;
        this.name = name;
        this.work = work;
        this.more = List.copyOf(more);
        for (Path folder : List.of(
                work,
                temp(),
                temp("_github_home"),
                temp("_github_workflow"),
                temp("_runner_file_commands"),
                pipeline(),
                checkout())) {
            make(folder);
        }
        write(temp("_github_workflow/event.json"), """
                {"ref": "refs/heads/main", "repository": {"id": 186853002, "name": "Hello-World",
                 "full_name": "Codertocat/Hello-World", "private": true, "fork": false, "owner": {"login": "Codertocat"}},
                 "pusher": {"name": "Codertocat"}, "sender": {"login": "Codertocat", "id": 21031067}}
                """);
        for (String file : List.of("set_output_1", "set_env_1", "save_state_1", "step_summary_1")) {
            write(temp("_runner_file_commands/" + file), "");
        }
        write(checkout().resolve("README.md"), "hello\n");
    }

    /** Where {@code actions/checkout} puts the repository. */
    Path checkout() {
        return pipeline().resolve("Hello-World");
    }

    /** What a step has written into one of its files: {@code set_output}, {@code step_summary}. */
    String fileCommands(String name) {
        try {
            return Files.readString(temp("_runner_file_commands/" + name + "_1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A step with {@code uses: docker://…}: a container of its own, as the image's user, without {@code --user}.
     *
     * @param entrypoint of action.yml: for the main or for the post step
     * @param inputs such as {@code INPUT_ID=codex-ci}, and state of an earlier step
     */
    Result containerStep(String entrypoint, String... inputs) {
        List<String> command = new ArrayList<>(List.of("run", "--name", name, "--label", "18f4c1", "--rm"));
        command.addAll(List.of("--workdir", "/github/workspace", "--entrypoint", entrypoint));
        command.addAll(variables("/github/workspace", "/github", "/github/file_commands"));
        Arrays.stream(inputs).forEach(input -> command.addAll(List.of("-e", input)));
        mount(command, temp("_github_home"), "/github/home");
        mount(command, temp("_github_workflow"), "/github/workflow");
        mount(command, temp("_runner_file_commands"), "/github/file_commands");
        mount(command, temp(), "/github/runner_temp");
        mount(command, checkout(), "/github/workspace");
        command.addAll(more);
        command.addAll(List.of(engine.image(), "action"));
        return engine.start(command).result();
    }

    /** Starts the container of a job with {@code container:}, in which its steps run one after another. */
    void createJobContainer(String... options) {
        List<String> command = new ArrayList<>(List.of("create", "--name", name, "--label", "18f4c1"));
        command.addAll(List.of("--workdir", "/__w/Hello-World/Hello-World"));
        command.addAll(List.of(options));
        command.addAll(List.of("-e", "HOME=/github/home", "-e", "GITHUB_ACTIONS=true", "-e", "CI=true"));
        mount(command, work, "/__w");
        mount(command, temp(), "/__w/_temp");
        mount(command, temp("_github_home"), "/github/home");
        mount(command, temp("_github_workflow"), "/github/workflow");
        command.addAll(more);
        command.addAll(List.of("--entrypoint", "tail", engine.image(), "-f", "/dev/null"));
        assertThat(engine.start(command).result()).matches(result -> result.exitCode() == 0, "create");
        assertThat(engine.call("start", name)).matches(result -> result.exitCode() == 0, "start");
    }

    /** A {@code run:} step of the job in the container. */
    Result stepInJobContainer(String script, String... inputs) {
        Path file = temp("step.sh");
        write(file, script + "\n");
        List<String> command = new ArrayList<>(List.of("exec", "-i", "--workdir", "/__w/Hello-World/Hello-World"));
        command.addAll(variables("/__w/Hello-World/Hello-World", "/github", "/__w/_temp/_runner_file_commands"));
        Arrays.stream(inputs).forEach(input -> command.addAll(List.of("-e", input)));
        command.addAll(List.of(name, "sh", "-e", "/__w/_temp/step.sh"));
        return engine.start(command).result();
    }

    private static List<String> variables(String workspace, String github, String fileCommands) {
        return Stream.of(
                        "HOME=/github/home",
                        "CI=true",
                        "GITHUB_ACTIONS=true",
                        "GITHUB_REPOSITORY=Codertocat/Hello-World",
                        "GITHUB_EVENT_NAME=push",
                        "GITHUB_EVENT_PATH=" + github + "/workflow/event.json",
                        "GITHUB_REF=refs/heads/main",
                        "GITHUB_RUN_ID=17",
                        "GITHUB_JOB=fix",
                        "GITHUB_WORKSPACE=" + workspace,
                        "GITHUB_OUTPUT=" + fileCommands + "/set_output_1",
                        "GITHUB_ENV=" + fileCommands + "/set_env_1",
                        "GITHUB_STATE=" + fileCommands + "/save_state_1",
                        "GITHUB_STEP_SUMMARY=" + fileCommands + "/step_summary_1",
                        "RUNNER_ENVIRONMENT=self-hosted",
                        "RUNNER_TEMP=" + github + "/runner_temp")
                .flatMap(variable -> Stream.of("-e", variable))
                .toList();
    }

    private static void mount(List<String> command, Path from, String to) {
        command.addAll(List.of("-v", from + ":" + to));
    }

    private Path pipeline() {
        return work.resolve("Hello-World");
    }

    private Path temp() {
        return work.resolve("_temp");
    }

    private Path temp(String name) {
        return temp().resolve(name);
    }

    /** As .NET makes a folder under the usual umask. */
    private static void make(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            own(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String content) {
        try {
            Files.writeString(file, content);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            own(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void own(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", USER);
        Files.setAttribute(path, "unix:gid", USER);
    }
}
