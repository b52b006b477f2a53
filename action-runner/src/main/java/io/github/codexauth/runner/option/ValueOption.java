package io.github.codexauth.runner.option;

import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SecretSource;
import io.github.codexauth.runner.input.UnreadableInputException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;

/**
 * An option with a value, which a variable can give as well: what is typed wins.
 *
 * @param <T> the value
 */
public final class ValueOption<T> extends Option {
    private final Kind<?, T> kind;
    private final String variable;
    private final String label;
    private final String help;

    /** @param variable without the prefix of all our variables; empty if none can give it */
    private ValueOption(Kind<?, T> kind, String name, String variable, String label, String help) {
        super(name);
        this.kind = kind;
        this.variable = variable;
        this.label = label;
        this.help = help;
    }

    static ValueOption<String> text(String name, String variable, String label, String help) {
        return new ValueOption<>(Kind.TEXT, name, variable, label, help);
    }

    /** Text that can only be typed. */
    public static ValueOption<String> text(String name, String label, String help) {
        return text(name, "", label, help);
    }

    static ValueOption<CredentialId> credentialId(String name, String variable, String label, String help) {
        return new ValueOption<>(Kind.CREDENTIAL_ID, name, variable, label, help);
    }

    /** A duration. */
    public static ValueOption<Duration> duration(String name, String variable, String help) {
        return new ValueOption<>(Kind.DURATION, name, variable, "TIME", help);
    }

    /** The path of a file or folder. */
    public static ValueOption<Path> path(String name, String variable, String label, String help) {
        return new ValueOption<>(Kind.PATH, name, variable, label, help);
    }

    /** A path that can only be typed. */
    public static ValueOption<Path> path(String name, String label, String help) {
        return path(name, "", label, help);
    }

    /** A file whose variable ends with {@code _FILE}. */
    static ValueOption<Path> file(String name, String variable, String help) {
        return new ValueOption<>(Kind.FILE, name, variable, "FILE", help);
    }

    /** A secret in a file or a variable. */
    static ValueOption<SecretSource> secret(String name, String variable, String help) {
        return new ValueOption<>(Kind.SECRET, name, variable, "FILE", help);
    }

    /** The same option where help has to say something else about it. */
    public ValueOption<T> described(String otherHelp) {
        return new ValueOption<>(kind, name(), variable, label, otherHelp);
    }

    /**
     * The value that the user gave; empty if none.
     *
     * @throws UsageException if it makes no sense
     * @throws UnreadableInputException if it lies in a file that cannot be read
     */
    public Optional<T> in(Inputs inputs) throws UsageException, UnreadableInputException {
        Optional<T> typed = kind.typed(inputs, name());
        return typed.isPresent() || variable.isEmpty() ? typed : kind.variable(inputs, variable);
    }

    /** How the user gave the value, for messages: the option or its variable. */
    public String by(Inputs inputs) {
        return inputs.typed(name(), Object.class).isPresent() ? name() : Inputs.PREFIX + variable;
    }

    /** The variable in which a secret stands itself, rather than the name of its file; empty if none does. */
    public Optional<String> secretVariable(Inputs inputs) {
        String name = Inputs.PREFIX + variable;
        return kind.isSecret() && inputs.variable(name).isPresent() ? Optional.of(name) : Optional.empty();
    }

    @Override
    public OptionSpec spec() {
        OptionSpec.Builder spec = OptionSpec.builder(name())
                .paramLabel(label)
                .description(variable.isEmpty() ? help : help + " [" + kind.variables(variable) + "]");
        kind.describe(spec, name());
        return spec.build();
    }
}
