package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.option.Option;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One command: what may be typed, and what it does. */
interface Subcommand {
    String name();

    /** Its options, in the order in which help shows them. */
    List<Option> options();

    /** Adds what help says, and anything besides options. */
    void describe(CommandSpec spec);

    /**
     * Runs it and answers its exit code.
     *
     * @param inputs what its options read themselves from
     * @param parsed the line as it was typed
     */
    int run(Inputs inputs, ParseResult parsed) throws CodexAuthException, InterruptedException;
}
