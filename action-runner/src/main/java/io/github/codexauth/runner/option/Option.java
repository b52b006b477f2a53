package io.github.codexauth.runner.option;

import picocli.CommandLine.Model.OptionSpec;

/**
 * One option of a command line, described by calls instead of picocli's annotations: reading those takes a fifth of the
 * whole start-up. Immutable; what was typed lies in the {@code Inputs} that an option reads itself from.
 */
public abstract sealed class Option permits Flag, ValueOption {
    private final String name;

    Option(String name) {
        this.name = name;
    }

    /** As it is typed, with its dashes. */
    public final String name() {
        return name;
    }

    /** What picocli has to know of it; a new description with each call. */
    public abstract OptionSpec spec();
}
