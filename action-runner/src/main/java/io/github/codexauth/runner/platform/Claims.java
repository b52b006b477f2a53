package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.Fact;
import java.util.Optional;
import java.util.function.Function;

/** What a signed token claims, once its signature was checked. */
public interface Claims {
    /** A claim that is text; empty if it is missing, blank, or anything else. */
    Optional<String> text(String name);

    /** A claim as a signed fact. */
    default Optional<Fact<String>> fact(String name) {
        return fact(name, Optional::of);
    }

    /** A claim, understood; empty if it cannot be. */
    default <T> Optional<Fact<T>> fact(String name, Function<String, Optional<T>> meaning) {
        return text(name).flatMap(meaning).map(value -> Fact.signed(value, "signed token: " + name));
    }
}
