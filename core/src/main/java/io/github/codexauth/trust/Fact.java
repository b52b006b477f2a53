package io.github.codexauth.trust;

import io.github.codexauth.OneLine;

/**
 * Something known about a job.
 *
 * @param evidence how well it is proven
 * @param source where it was read, as people know it, such as {@code RUNNER_ENVIRONMENT}
 */
public record Fact<T>(T value, Evidence evidence, String source) {
    /** What is quoted of a value, in characters: a refusal quotes several. */
    static final int LONGEST = 120;

    public static <T> Fact<T> declared(T value, String source) {
        return new Fact<>(value, Evidence.DECLARED, source);
    }

    public static <T> Fact<T> signed(T value, String source) {
        return new Fact<>(value, Evidence.SIGNED, source);
    }

    /** The fact as messages quote it. */
    @Override
    public String toString() {
        return OneLine.of(String.valueOf(value), LONGEST) + " (" + OneLine.of(source, LONGEST) + ")";
    }
}
