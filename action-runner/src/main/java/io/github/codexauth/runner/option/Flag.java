package io.github.codexauth.runner.option;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.UsageException;
import io.github.codexauth.runner.input.Inputs;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;

/** An option that is given or not. */
public final class Flag extends Option {
    private final String variable;
    private final String help;

    /** One that can only be typed. */
    public Flag(String name, String help) {
        this(name, "", help);
    }

    /** @param variable without the prefix of all our variables; empty if none can give it */
    Flag(String name, String variable, String help) {
        super(name);
        this.variable = variable;
        this.help = help;
    }

    /** Whether it was typed. */
    public boolean isIn(Inputs inputs) {
        return inputs.typed(name(), Boolean.class).orElse(false);
    }

    /**
     * Whether it was typed, or its variable is {@code true}.
     *
     * @throws UsageException if the variable is neither that nor {@code false}
     */
    public boolean isSetIn(Inputs inputs) throws CodexAuthException {
        Optional<String> value = inputs.text(variable);
        if (isIn(inputs) || value.isEmpty()) {
            return isIn(inputs);
        }
        return switch (value.get()) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new UsageException(
                        Inputs.PREFIX + variable + " is true or false, and has another value",
                        "set " + Inputs.PREFIX + variable + "=true, or leave it away");
        };
    }

    @Override
    public OptionSpec spec() {
        return OptionSpec.builder(name())
                .type(boolean.class)
                .arity("0")
                .description(variable.isEmpty() ? help : help + " [" + Inputs.PREFIX + variable + "]")
                .build();
    }
}
