package io.github.codexauth.runner.input;

import io.github.codexauth.PathText;
import io.github.codexauth.UsageException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that the user gave: on the command line, in {@code CODEX_AUTH_X}, or in the file that
 * {@code CODEX_AUTH_X_FILE} names. Which of them counts an option knows. An empty variable counts as not set, as CI
 * systems set variables of missing secrets to that.
 *
 * <p>Immutable. No record, since a record would print the variables.
 */
public final class Inputs {
    /** Longest value in a file, in bytes. */
    private static final int LONGEST = 64 * 1024;

    /** The variables that belong to us alone begin with this. */
    public static final String PREFIX = "CODEX_AUTH_";

    private final Map<String, String> environment;
    private final Map<String, Object> typed;

    /**
     * What was typed, and what stands in variables.
     *
     * @param environment this process's variables
     * @param typed what became of the words after options, by the option's name with its dashes
     */
    public Inputs(Map<String, String> environment, Map<String, Object> typed) {
        this.environment = Map.copyOf(environment);
        this.typed = Map.copyOf(typed);
    }

    /**
     * What became of the word that was typed after an option while the line was read; empty if the option was not
     * typed.
     *
     * @param option with its dashes
     * @param type what such words become
     */
    public <T> Optional<T> typed(String option, Class<T> type) {
        return typed.containsKey(option) ? Optional.of(type.cast(typed.get(option))) : Optional.empty();
    }

    /** A value that is no secret, from {@code CODEX_AUTH_X} or a file. */
    public Optional<String> text(String name) throws UsageException, UnreadableInputException {
        Optional<SecretSource> source = secret(name);
        return source.isEmpty()
                ? Optional.empty()
                : Optional.of(source.get().readText(LONGEST).strip());
    }

    /** A path. {@code CODEX_AUTH_X} and {@code CODEX_AUTH_X_FILE} mean the same here: the file itself. */
    public Optional<Path> path(String name) throws UsageException {
        requireOne(name);
        Optional<String> value = variable(PREFIX + name);
        if (value.isEmpty()) {
            value = variable(PREFIX + name + "_FILE");
        }
        return value.isEmpty() ? Optional.empty() : Optional.of(PathText.parse(value.get(), PREFIX + name));
    }

    /** The file that {@code CODEX_AUTH_X_FILE} names, where there is no {@code CODEX_AUTH_X}. */
    public Optional<Path> file(String name) throws UsageException {
        Optional<String> value = variable(PREFIX + name);
        return value.isEmpty() ? Optional.empty() : Optional.of(PathText.parse(value.get(), PREFIX + name));
    }

    /** The place of a secret. */
    public Optional<SecretSource> secret(String name) throws UsageException {
        requireOne(name);
        Optional<String> value = variable(PREFIX + name);
        if (value.isPresent()) {
            return Optional.of(new SecretSource.InVariable(PREFIX + name, value.get()));
        }
        String variable = PREFIX + name + "_FILE";
        Optional<String> file = variable(variable);
        return file.isEmpty()
                ? Optional.empty()
                : Optional.of(new SecretSource.InFile(variable, PathText.parse(file.get(), variable)));
    }

    /** A variable's value; empty if it is not set, or set to nothing. */
    public Optional<String> variable(String variable) {
        String value = environment.getOrDefault(variable, "");
        return value.isBlank() ? Optional.empty() : Optional.of(value);
    }

    /** This process's variables, all of them. */
    public Map<String, String> variables() {
        return environment;
    }

    private void requireOne(String name) throws UsageException {
        String variable = PREFIX + name;
        if (variable(variable).isPresent() && variable(variable + "_FILE").isPresent()) {
            throw new UsageException(
                    "both " + variable + " and " + variable + "_FILE are set", "keep one of them: unset " + variable);
        }
    }
}
