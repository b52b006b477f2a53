package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.Fact;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The job's environment, read with the care that text from outside needs. No record, since a record would print it. */
final class JobVariables {
    private static final int LONGEST = 4096;

    private final Map<String, String> environment;

    JobVariables(Map<String, String> environment) {
        this.environment = environment;
    }

    /** A variable's value; empty if it is not set, blank, or too long to be what it should be. */
    Optional<String> get(String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isBlank() && value.length() <= LONGEST);
    }

    boolean is(String name, String value) {
        return get(name).filter(value::equalsIgnoreCase).isPresent();
    }

    /** Whether it has a value, even one that is too long to be understood. */
    boolean isSet(String name) {
        return has(name) && !environment.getOrDefault(name, "").isBlank();
    }

    /** Whether it is there at all: an emptied variable was set by somebody, too. */
    boolean has(String name) {
        return environment.containsKey(name);
    }

    /** The value as a fact that quotes the variable. */
    Optional<Fact<String>> fact(String name) {
        return get(name).map(value -> Fact.declared(value, name));
    }

    /** The value, understood; empty if it cannot be. */
    <T> Optional<Fact<T>> fact(String name, Function<String, Optional<T>> meaning) {
        return get(name).flatMap(meaning).map(value -> Fact.declared(value, name));
    }
}
