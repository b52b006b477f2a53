package io.github.codexauth.runner.option;

import io.github.codexauth.runner.input.Inputs;
import picocli.CommandLine.Model.OptionSpec;

/** An option that is given or not. */
public final class Flag extends Option {
    private final String help;

    public Flag(String name, String help) {
        super(name);
        this.help = help;
    }

    /** Whether it was given. */
    public boolean isIn(Inputs inputs) {
        return inputs.typed(name(), Boolean.class).orElse(false);
    }

    @Override
    public OptionSpec spec() {
        return OptionSpec.builder(name())
                .type(boolean.class)
                .arity("0")
                .description(help)
                .build();
    }
}
