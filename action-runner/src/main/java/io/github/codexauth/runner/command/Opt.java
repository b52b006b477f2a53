package io.github.codexauth.runner.command;

import io.github.codexauth.runner.input.PathText;
import io.github.codexauth.runner.input.UsageException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * One option of a command line.
 *
 * <p>Described by calls instead of picocli's annotations: reading those takes a fifth of the whole start-up.
 */
final class Opt<T> {
    private final OptionSpec spec;

    private Opt(OptionSpec spec) {
        this.spec = spec;
    }

    /** An option with a value. */
    static Opt<String> text(String name, String label, String description) {
        return new Opt<>(OptionSpec.builder(name)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build());
    }

    /** An option that names a file or folder. */
    static Opt<Path> path(String name, String label, String description) {
        return new Opt<>(OptionSpec.builder(name)
                .type(Path.class)
                .converters(new PathConverter(name))
                .paramLabel(label)
                .description(description)
                .build());
    }

    /** An option that is given or not. */
    static Opt<Boolean> flag(String name, String description) {
        return new Opt<>(OptionSpec.builder(name)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build());
    }

    /** No lambda: picocli's interface is too old for the class-data archive, and a lambda for it costs 40 ms. */
    private record PathConverter(String option) implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) throws UsageException {
            return PathText.parse(text, option);
        }
    }

    /** What was typed; null if it was not. */
    @Nullable
    T value() {
        return spec.getValue();
    }

    /** Whether a flag was given. */
    boolean isSet() {
        return Boolean.TRUE.equals(spec.getValue());
    }

    OptionSpec spec() {
        return spec;
    }
}
