package io.github.codexauth.runner.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.PathText;
import io.github.codexauth.UsageException;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.platform.JobTokens;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The inputs of {@code action.yml}, which a runner hands over as {@code INPUT_NAME}.
 *
 * <p>Each is the option of the same name, so it becomes that option's variable. No record, since a record would print
 * them.
 */
public final class ActionInputs {
    /** The variables of a step's inputs begin with this. */
    public static final String PREFIX = "INPUT_";

    /** The variable of the input {@code run}. */
    public static final String SCRIPT_VARIABLE = PREFIX + "RUN";

    private static final String SCRIPT = "run";
    private static final String PROMPT = "prompt";
    private static final String PROMPT_FILE = "prompt_file";
    private static final String CODEX_ARGS = "write it like: codex-args: '[\"--model\", \"gpt-5\"]'";
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SEED = "auth_json";
    /** The runner translates what begins with a path of its own; our action.yml hides such a path from it by this. */
    private static final String HOST = "host:";

    /** The inputs whose variable is {@code CODEX_AUTH_} and their name. */
    private static final List<String> NAMES = List.of(
            "access_token",
            "age_identity",
            "age_recipient",
            "api_key",
            "codex_config",
            "expose",
            "federation_rule",
            "give",
            "grace",
            "id",
            "identity_audience",
            "identity_token_file",
            "pool",
            "shared",
            "store",
            "store_password",
            "timeout",
            "wait");

    private final Map<String, String> environment;

    /** @param environment the step's variables */
    public ActionInputs(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** What a step is to do. */
    public sealed interface Task {}

    /** To run commands of a shell, signed in. */
    public record Script(String text) implements Task {}

    /**
     * To let Codex work on a prompt.
     *
     * @param text the prompt; empty if it lies in a file
     * @param file the prompt's file; empty if it was given itself
     */
    public record Prompt(Optional<String> text, Optional<Path> file) implements Task {
        @Override
        public String toString() {
            return "Prompt[]";
        }
    }

    /** To sign the job's later steps in. */
    public record LaterSteps() implements Task {}

    /**
     * What this step is to do.
     *
     * @throws UsageException if it is to do several things
     */
    public Task task() throws UsageException {
        List<String> given = Stream.of(SCRIPT, PROMPT, PROMPT_FILE)
                .filter(name -> input(name).isPresent())
                .toList();
        if (given.size() > 1) {
            throw new UsageException(
                    "a step does one thing, and was given "
                            + String.join(" and ", given).replace('_', '-'),
                    "keep one of them; write a step for each");
        }
        Optional<String> script = input(SCRIPT);
        if (script.isPresent()) {
            return new Script(script.get());
        }
        Optional<String> promptFile = input(PROMPT_FILE);
        Optional<Path> file =
                promptFile.isEmpty() ? Optional.empty() : Optional.of(PathText.parse(promptFile.get(), "prompt-file"));
        Optional<String> prompt = input(PROMPT);
        return prompt.isEmpty() && file.isEmpty() ? new LaterSteps() : new Prompt(prompt, file);
    }

    /** Where Codex's last message is to be written as well. */
    public Optional<Path> outputFile() throws UsageException {
        Optional<String> file = input("output_file");
        return file.isEmpty() ? Optional.empty() : Optional.of(PathText.parse(file.get(), "output-file"));
    }

    /**
     * More words for {@code codex exec}: those of a JSON array, or whatever stands between spaces.
     *
     * @throws UsageException if that would take a shell
     */
    public List<String> codexArgs() throws UsageException {
        String text = input("codex_args").orElse("").strip();
        if (text.startsWith("[")) {
            try {
                return List.of(JSON.readValue(text, String[].class));
            } catch (JsonProcessingException | NullPointerException quoted) {
                throw new UsageException("codex-args begins like a JSON array of words, and is none", CODEX_ARGS);
            }
        }
        if (text.matches("(?s).*[\"'\\\\$`].*")) {
            throw new UsageException(
                    "codex-args has quotes in it, and there is no shell that would read them", CODEX_ARGS);
        }
        return text.isEmpty() ? List.of() : List.of(text.split("\\s+"));
    }

    /** Where a login lies that later steps use: here, and as they see it. */
    public Map<String, String> homes() {
        Map<String, String> variables = new LinkedHashMap<>();
        input("homes").ifPresent(value -> variables.put(Inputs.PREFIX + "HOMES", value));
        input("homes_on_host")
                .map(value -> value.startsWith(HOST) ? value.substring(HOST.length()) : value)
                .ifPresent(value -> variables.put(Inputs.PREFIX + "HOMES_ON_HOST", value));
        return variables;
    }

    /**
     * The step's variables with our own in the place of the inputs, and without those that the runner gives to actions
     * but not to a step's own commands, which are what runs here.
     */
    public Map<String, String> asVariables() {
        Map<String, String> variables = new LinkedHashMap<>(environment);
        variables.keySet().removeIf(name -> name.startsWith(PREFIX) || JobTokens.isOfActionsAlone(name));
        for (String name : NAMES) {
            input(name).ifPresent(value -> variables.put(Inputs.PREFIX + name.toUpperCase(Locale.ROOT), value));
        }
        input(SEED).ifPresent(value -> variables.put(Inputs.PREFIX + "JSON", value));
        return variables;
    }

    private Optional<String> input(String name) {
        return Optional.ofNullable(environment.get(PREFIX + name.toUpperCase(Locale.ROOT)))
                .filter(value -> !value.isBlank());
    }
}
