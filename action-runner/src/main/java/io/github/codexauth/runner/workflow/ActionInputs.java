package io.github.codexauth.runner.workflow;

import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.platform.JobTokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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

    /** The commands to run, signed in; empty if later steps of the job do that. */
    public Optional<String> script() {
        return input(SCRIPT);
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
