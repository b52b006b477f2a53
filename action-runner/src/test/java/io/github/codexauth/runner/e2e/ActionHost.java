package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.codexauth.standin.RunnersNode;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * GitHub's runner as it runs the action at the top of the repository: with its own Node, its folders, its files and its
 * variables, one step after another. Source: actions/runner 2.336.0, NodeScriptActionHandler.cs, FileCommandManager.cs.
 */
final class ActionHost {
    private static final Path REPOSITORY = Path.of(System.getProperty("codexauth.repository", ".."));
    private static final Pattern SEVERAL_LINES = Pattern.compile("(?s)(\\w[\\w-]*)<<(\\S+)\n(.*?)\n\\2\n");

    private static final Pattern FIRST_STEP =
            Pattern.compile("uses: codex-auth/codex-auth@v[0-9.]+\n *with:\n((?: +[\\w-]+: .*\n)+)");

    private final Path folder;
    private final Path action;
    private final Path node;
    private Cli machine;
    private final Map<String, String> outputs = new TreeMap<>();
    private final Map<String, String> states = new TreeMap<>();

    /**
     * @param machine a job of GitHub's
     * @param folder becomes the runner's {@code _work}
     */
    ActionHost(Cli machine, Path folder) {
        this.machine = machine;
        this.folder = folder;
        this.action = folder.resolve("_actions/codex-auth/codex-auth/v0.1.0");
        this.node = RunnersNode.program();
        try {
            for (Path made : List.of(temp(), toolCache(), fileCommands(), action.resolve("action"))) {
                Files.createDirectories(made);
            }
            try (Stream<Path> files = Files.list(REPOSITORY.resolve("action"))) {
                for (Path file : files.toList()) {
                    Files.copy(file, action.resolve("action").resolve(file.getFileName()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The inputs of the first step in a file of the repository that uses the action as released. */
    static Map<String, String> stepIn(String file) throws IOException {
        String text = Files.readString(REPOSITORY.resolve(file));
        Matcher step = FIRST_STEP.matcher(text);
        assertThat(step.find()).as(file).isTrue();
        Map<String, String> inputs = new TreeMap<>();
        for (Map.Entry<String, JsonNode> input :
                new YAMLMapper().readTree(step.group(1).indent(0)).properties()) {
            inputs.put(input.getKey(), input.getValue().asText());
        }
        return inputs;
    }

    /** What a release writes into its revision of the action. */
    ActionHost releasedWith(String checksums) {
        try {
            Files.writeString(
                    action.resolve("action/release.json"), "{\"version\": \"0.1.0\", \"sha256\": {" + checksums + "}}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Path temp() {
        return folder.resolve("_temp");
    }

    Path toolCache() {
        return folder.resolve("_tool");
    }

    private Path fileCommands() {
        return temp().resolve("_runner_file_commands");
    }

    /** The outputs of all steps so far. */
    Map<String, String> outputs() {
        return outputs;
    }

    Map<String, String> states() {
        return states;
    }

    /** What later steps would start by a name. */
    Cli machine() {
        return machine;
    }

    /** The action's main step to its end. */
    Result main(Map<String, String> inputs) {
        return finish(start(inputs));
    }

    /** Starts the action's main step; {@link #finish} has to follow. */
    Running start(Map<String, String> inputs) {
        return script("main.mjs", inputs, Map.of());
    }

    /** The action's post step to its end. */
    Result post(Map<String, String> inputs) {
        Map<String, String> state = new TreeMap<>();
        states.forEach((name, value) -> state.put("STATE_" + name, value));
        return finish(script("post.mjs", inputs, state));
    }

    /** A {@code run:} step of the job to its end. */
    Result step(String script) {
        return finish(
                command(machine, Map.of(), List.of("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script)));
    }

    private Running script(String name, Map<String, String> inputs, Map<String, String> state) {
        Map<String, String> more = new TreeMap<>(state);
        inputs.forEach((input, value) -> more.put("INPUT_" + input.toUpperCase(Locale.ROOT), value));
        more.put("GITHUB_ACTION_REPOSITORY", "codex-auth/codex-auth");
        more.put("GITHUB_ACTION_REF", "v0.1.0");
        more.put("ACTIONS_RUNTIME_TOKEN", "runtime-token");
        more.put("ACTIONS_RUNTIME_URL", "https://pipelines.example/");
        more.put("ACTIONS_RESULTS_URL", "https://results.example/");
        return command(
                machine,
                more,
                List.of(node.toString(), action.resolve("action").resolve(name).toString()));
    }

    private Running command(Cli on, Map<String, String> more, List<String> command) {
        try {
            for (String file : List.of("output", "env", "path", "state", "summary")) {
                Files.writeString(fileCommands().resolve(file), "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Cli step = on.with("GITHUB_WORKSPACE", machine.folder().resolve("work").toString())
                .with("RUNNER_TEMP", temp().toString())
                .with("RUNNER_TOOL_CACHE", toolCache().toString())
                .with("RUNNER_OS", "Linux")
                .with("RUNNER_ARCH", "X64")
                .with("GITHUB_OUTPUT", fileCommands().resolve("output").toString())
                .with("GITHUB_ENV", fileCommands().resolve("env").toString())
                .with("GITHUB_PATH", fileCommands().resolve("path").toString())
                .with("GITHUB_STATE", fileCommands().resolve("state").toString())
                .with("GITHUB_STEP_SUMMARY", fileCommands().resolve("summary").toString());
        for (Map.Entry<String, String> variable : more.entrySet()) {
            step = step.with(variable.getKey(), variable.getValue());
        }
        return step.startCommand(command);
    }

    /** Takes over what a step has written, as the runner does after each. */
    Result finish(Running step) {
        Result result = step.result();
        read("output", outputs);
        read("state", states);
        Map<String, String> variables = new TreeMap<>();
        read("env", variables);
        variables.forEach((name, value) -> machine = machine.with(name, value));
        lines("path").forEach(path -> machine = machine.withFirstOnPath(Path.of(path)));
        return result;
    }

    private void read(String file, Map<String, String> into) {
        String text = String.join("\n", lines(file)) + "\n";
        Matcher several = SEVERAL_LINES.matcher(text);
        while (several.find()) {
            into.put(several.group(1), several.group(3));
        }
        for (String line :
                several.replaceAll("").lines().filter(line -> !line.isBlank()).toList()) {
            assertThat(line).as(file).contains("=");
            into.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
    }

    private List<String> lines(String file) {
        try {
            return new ArrayList<>(Files.readAllLines(fileCommands().resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
