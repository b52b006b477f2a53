package io.github.codexauth.runner.option;

import io.github.codexauth.CredentialId;
import io.github.codexauth.DurationText;
import io.github.codexauth.PathText;
import io.github.codexauth.UsageException;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SecretSource;
import io.github.codexauth.runner.input.UnreadableInputException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What the value of an option is, and how it is read.
 *
 * @param <V> what becomes of the word that was typed while the line is read
 * @param <T> the value
 */
abstract class Kind<V, T> {
    static final Kind<String, String> TEXT = new Text();
    static final Kind<String, CredentialId> CREDENTIAL_ID = new Id();
    static final Kind<String, Duration> DURATION = new Time();
    static final Kind<Path, Path> PATH = new AnyPath();
    static final Kind<Path, Path> FILE = new File();
    static final Kind<Path, SecretSource> SECRET = new Secret();

    private final Class<V> typedAs;

    private Kind(Class<V> typedAs) {
        this.typedAs = typedAs;
    }

    /** The value that was typed; empty if none was. */
    final Optional<T> typed(Inputs inputs, String option) throws UsageException {
        Optional<V> word = inputs.typed(option, typedAs);
        return word.isEmpty() ? Optional.empty() : Optional.of(read(word.get(), option));
    }

    /** The value that a variable gives. */
    abstract Optional<T> variable(Inputs inputs, String variable) throws UsageException, UnreadableInputException;

    /** The value that was typed, or stood in a variable. */
    abstract T read(V word, String by) throws UsageException;

    /** How the variables are called, for help. */
    String variables(String variable) {
        return Inputs.PREFIX + variable;
    }

    /** Whether the value is a secret, which then may stand in a variable itself. */
    boolean isSecret() {
        return false;
    }

    /** Tells picocli what to make of a word. */
    void describe(OptionSpec.Builder spec, String option) {
        spec.type(typedAs);
    }

    /** Text as it is. */
    private static final class Text extends Kind<String, String> {
        private Text() {
            super(String.class);
        }

        @Override
        Optional<String> variable(Inputs inputs, String variable) throws UsageException, UnreadableInputException {
            return inputs.text(variable);
        }

        @Override
        String read(String word, String by) {
            return word;
        }
    }

    /** The name of a credential. */
    private static final class Id extends Kind<String, CredentialId> {
        private Id() {
            super(String.class);
        }

        @Override
        Optional<CredentialId> variable(Inputs inputs, String variable)
                throws UsageException, UnreadableInputException {
            Optional<String> text = inputs.text(variable);
            return text.isEmpty() ? Optional.empty() : Optional.of(read(text.get(), variable));
        }

        @Override
        CredentialId read(String word, String by) throws UsageException {
            try {
                return new CredentialId(word);
            } catch (IllegalArgumentException e) {
                throw new UsageException(String.valueOf(e.getMessage()), "choose a name such as codex-ci");
            }
        }
    }

    /** A time such as {@code 15m}. */
    private static final class Time extends Kind<String, Duration> {
        private Time() {
            super(String.class);
        }

        @Override
        Optional<Duration> variable(Inputs inputs, String variable) throws UsageException, UnreadableInputException {
            Optional<String> text = inputs.text(variable);
            return text.isEmpty() ? Optional.empty() : Optional.of(read(text.get(), Inputs.PREFIX + variable));
        }

        @Override
        Duration read(String word, String by) throws UsageException {
            try {
                return DurationText.parse(word);
            } catch (IllegalArgumentException e) {
                throw new UsageException(by + " is not a duration", DurationText.HOW_TO);
            }
        }
    }

    /**
     * What is typed as a path is one before the command starts, whether or not the command then reads it: it may be a
     * secret.
     */
    private abstract static class OfPath<T> extends Kind<Path, T> {
        private OfPath() {
            super(Path.class);
        }

        @Override
        final void describe(OptionSpec.Builder spec, String option) {
            super.describe(spec, option);
            spec.converters(new PathConverter(option));
        }
    }

    /** No lambda: picocli's interface is too old for the class-data archive, and a lambda for it costs 40 ms. */
    private record PathConverter(String option) implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) throws UsageException {
            return PathText.parse(text, option);
        }
    }

    /** A file or folder; a variable whose name ends with {@code _FILE} means the same. */
    private static final class AnyPath extends OfPath<Path> {
        @Override
        Optional<Path> variable(Inputs inputs, String variable) throws UsageException {
            return inputs.path(variable);
        }

        @Override
        Path read(Path word, String by) {
            return word;
        }
    }

    /** A file whose variable ends with {@code _FILE} itself. */
    private static final class File extends OfPath<Path> {
        @Override
        Optional<Path> variable(Inputs inputs, String variable) throws UsageException {
            return inputs.file(variable);
        }

        @Override
        Path read(Path word, String by) {
            return word;
        }
    }

    /** A secret, in a file or in a variable; never typed. */
    private static final class Secret extends OfPath<SecretSource> {
        @Override
        Optional<SecretSource> variable(Inputs inputs, String variable) throws UsageException {
            return inputs.secret(variable);
        }

        @Override
        SecretSource read(Path word, String by) {
            return new SecretSource.InFile(by, word);
        }

        @Override
        String variables(String variable) {
            return super.variables(variable) + ", " + super.variables(variable) + "_FILE";
        }

        @Override
        boolean isSecret() {
            return true;
        }
    }
}
