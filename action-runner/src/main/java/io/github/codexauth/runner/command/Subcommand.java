package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One command: what may be typed, and what it does. */
interface Subcommand {
    String name();

    /** Its options, in the order in which help shows them. */
    List<Opt<?>> options();

    /** Adds what help says, and anything besides options. */
    void describe(CommandSpec spec);

    /** Runs it and answers its exit code. */
    int run(ParseResult typed) throws CodexAuthException, InterruptedException;
}
