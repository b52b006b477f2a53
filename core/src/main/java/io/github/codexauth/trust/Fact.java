package io.github.codexauth.trust;

/**
 * Something known about a job.
 *
 * @param evidence how well it is proven
 * @param source where it was read, as people know it, such as {@code RUNNER_ENVIRONMENT}
 */
public record Fact<T>(T value, Evidence evidence, String source) {
    public static <T> Fact<T> declared(T value, String source) {
        return new Fact<>(value, Evidence.DECLARED, source);
    }

    public static <T> Fact<T> signed(T value, String source) {
        return new Fact<>(value, Evidence.SIGNED, source);
    }

    /** The fact as messages quote it. */
    @Override
    public String toString() {
        return Quoted.of(String.valueOf(value)) + " (" + Quoted.of(source) + ")";
    }
}
