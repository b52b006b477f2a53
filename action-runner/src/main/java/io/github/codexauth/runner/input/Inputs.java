package io.github.codexauth.runner.input;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks a value up where the user may have put it: on the command line, in {@code CODEX_AUTH_X}, or in the file that
 * {@code CODEX_AUTH_X_FILE} names. An empty variable counts as not set, as CI systems set variables of missing secrets to that.
 *
 * <p>Immutable. No record, since a record would print the variables.
 */
public final class Inputs {
    /** Longest value in a file, in bytes. */
    private static final int LONGEST = 64 * 1024;

    /** The variables that belong to us alone begin with this. */
    public static final String PREFIX = "CODEX_AUTH_";

    private static final List<String> SECRETS = List.of("JSON", "API_KEY", "ACCESS_TOKEN", "AGE_IDENTITY");

    private final Map<String, String> environment;

    /** @param environment this process's variables */
    public Inputs(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** A value that is no secret. */
    public Optional<String> text(@Nullable String typed, String name) throws UsageException, UnreadableInputException {
        if (typed != null) {
            return Optional.of(typed);
        }
        Optional<SecretSource> source = secret(null, "", name);
        return source.isEmpty()
                ? Optional.empty()
                : Optional.of(source.get().readText(LONGEST).strip());
    }

    /** A duration; see {@link Durations}. */
    public Optional<Duration> duration(@Nullable String typed, String option, String name)
            throws UsageException, UnreadableInputException {
        Optional<String> text = text(typed, name);
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(Durations.parse(text.get(), typed == null ? PREFIX + name : option));
    }

    /** A path. {@code CODEX_AUTH_X} and {@code CODEX_AUTH_X_FILE} mean the same here: the file itself. */
    public Optional<Path> path(@Nullable Path typed, String name) throws UsageException {
        if (typed != null) {
            return Optional.of(typed);
        }
        requireOne(name);
        Optional<String> value = variable(PREFIX + name).or(() -> variable(PREFIX + name + "_FILE"));
        return value.isEmpty() ? Optional.empty() : Optional.of(PathText.parse(value.get(), PREFIX + name));
    }

    /** The file that {@code CODEX_AUTH_X_FILE} names, where there is no {@code CODEX_AUTH_X}. */
    public Optional<Path> file(@Nullable Path typed, String name) throws UsageException {
        if (typed != null) {
            return Optional.of(typed);
        }
        Optional<String> value = variable(PREFIX + name);
        return value.isEmpty() ? Optional.empty() : Optional.of(PathText.parse(value.get(), PREFIX + name));
    }

    /**
     * The place of a secret.
     *
     * @param typed the file named on the command line
     * @param option the option that named it
     */
    public Optional<SecretSource> secret(@Nullable Path typed, String option, String name) throws UsageException {
        if (typed != null) {
            return Optional.of(new SecretSource.InFile(option, typed));
        }
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

    /** The variables that are set and hold a secret themselves. */
    public List<String> secretVariables() {
        return SECRETS.stream()
                .map(name -> PREFIX + name)
                .filter(name -> variable(name).isPresent())
                .toList();
    }

    /** A variable's value; empty if it is not set, or set to nothing. */
    public Optional<String> variable(String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isBlank());
    }

    private void requireOne(String name) throws UsageException {
        String variable = PREFIX + name;
        if (variable(variable).isPresent() && variable(variable + "_FILE").isPresent()) {
            throw new UsageException(
                    "both " + variable + " and " + variable + "_FILE are set", "keep one of them: unset " + variable);
        }
    }
}
