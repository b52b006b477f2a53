package io.github.codexauth.runner.command.reference;

import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completion for fish: a line for each word that may come next, see complete(1) of fish. */
final class FishCompletion {
    private final StringBuilder script = new StringBuilder();
    private final String name;

    private FishCompletion(String name) {
        this.name = name;
    }

    static String of(CommandSpec root) {
        var completion = new FishCompletion(root.name());
        completion.write(root);
        return completion.script.toString();
    }

    private void write(CommandSpec root) {
        script.append("# Completion of ").append(name).append(" for fish.\n");
        line("-f");
        for (CommandSpec command : Words.subcommands(root)) {
            line("-n __fish_use_subcommand -a " + command.name() + " -d " + quoted(Words.summary(command)));
        }
        Words.options(root).forEach(option -> line("-n __fish_use_subcommand" + words(option)));
        for (CommandSpec command : Words.subcommands(root)) {
            String here = "-n '__fish_seen_subcommand_from " + command.name() + "'";
            Words.options(command).forEach(option -> line(here + words(option)));
            for (PositionalParamSpec parameter : command.positionalParameters()) {
                if (Words.runsCommand(command)) {
                    line(here + " -a '(__fish_complete_subcommand --fcs-skip=2)'");
                } else if (!values(parameter).isEmpty()) {
                    line(here + values(parameter));
                }
            }
        }
    }

    private void line(String rest) {
        script.append("complete -c ").append(name).append(' ').append(rest).append('\n');
    }

    private static String words(OptionSpec option) {
        var words = new StringBuilder();
        for (String typed : option.names()) {
            words.append(typed.startsWith("--") ? " -l " : " -s ").append(typed.replaceFirst("^--?", ""));
        }
        if (Words.takesValue(option)) {
            words.append(" -r").append(values(option));
        }
        return words.append(" -d ").append(quoted(Words.summary(option))).toString();
    }

    private static String values(ArgSpec argument) {
        if (!Words.choices(argument).isEmpty()) {
            return " -a " + quoted(String.join(" ", Words.choices(argument)));
        }
        return Words.isFile(argument) ? " -F" : "";
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
