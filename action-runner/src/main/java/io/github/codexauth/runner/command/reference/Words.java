package io.github.codexauth.runner.command.reference;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What may be typed, as completions and the man page need it. */
final class Words {
    private Words() {}

    static Collection<CommandSpec> subcommands(CommandSpec command) {
        var commands = new LinkedHashSet<CommandSpec>();
        for (CommandLine line : command.subcommands().values()) {
            if (!line.getCommandSpec().usageMessage().hidden()) {
                commands.add(line.getCommandSpec());
            }
        }
        return commands;
    }

    static List<OptionSpec> options(CommandSpec command) {
        return command.options().stream().filter(option -> !option.hidden()).toList();
    }

    /** The description of a command in one line. */
    static String summary(CommandSpec command) {
        return String.join(" ", command.usageMessage().description());
    }

    /** The description of an option or a parameter in one line. */
    static String summary(ArgSpec argument) {
        return String.join(" ", argument.description());
    }

    static boolean takesValue(OptionSpec option) {
        return option.arity().max() > 0;
    }

    static boolean isFile(ArgSpec argument) {
        return argument.type() == Path.class;
    }

    /** The values that there are to choose from; empty if that is not known. */
    static List<String> choices(ArgSpec argument) {
        Iterable<String> candidates = argument.completionCandidates();
        return candidates == null
                ? List.of()
                : StreamSupport.stream(candidates.spliterator(), false).toList();
    }

    /** Whether what follows the options is a command of the user's with words of its own. */
    static boolean runsCommand(CommandSpec command) {
        return command.parser().stopAtPositional()
                && !command.positionalParameters().isEmpty();
    }
}
