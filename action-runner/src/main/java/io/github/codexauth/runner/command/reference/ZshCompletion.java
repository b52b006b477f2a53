package io.github.codexauth.runner.command.reference;

import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completion for zsh: a function that zsh loads by its file's name, see zshcompsys(1). */
final class ZshCompletion {
    private final StringBuilder script = new StringBuilder();

    private ZshCompletion() {}

    static String of(CommandSpec root) {
        var completion = new ZshCompletion();
        completion.write(root);
        return completion.script.toString();
    }

    private void write(CommandSpec root) {
        script.append("#compdef ").append(root.name()).append("\n\n");
        script.append("local curcontext=$curcontext state line\ntypeset -A opt_args\nlocal -a commands\ncommands=(\n");
        for (CommandSpec command : Words.subcommands(root)) {
            script.append("  ")
                    .append(quoted(command.name() + ":" + Words.summary(command)))
                    .append('\n');
        }
        script.append(")\n_arguments -C");
        Words.options(root).forEach(this::argument);
        word("1:command:->command");
        word("*::argument:->argument");
        script.append(
                "\ncase $state in\n  command) _describe command commands ;;\n  argument)\n    case $words[1] in\n");
        Words.subcommands(root).forEach(this::subcommand);
        script.append("    esac\n    ;;\nesac\n");
    }

    private void subcommand(CommandSpec command) {
        script.append("      ").append(command.name()).append(") _arguments");
        Words.options(command).forEach(this::argument);
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            word(
                    Words.runsCommand(command)
                            ? "*::command:_normal"
                            : ":" + parameter.paramLabel() + ":" + values(parameter));
        }
        script.append(" ;;\n");
    }

    private void argument(OptionSpec option) {
        String value = Words.takesValue(option) ? ":" + option.paramLabel() + ":" + values(option) : "";
        String text = "[" + Words.summary(option).replaceAll("([\\[\\]:\\\\])", "\\\\$1") + "]" + value;
        for (String typed : option.names()) {
            word(typed + (Words.takesValue(option) ? "=" : "") + text);
        }
    }

    private void word(String word) {
        script.append(" \\\n        ").append(quoted(word));
    }

    private static String values(ArgSpec argument) {
        if (!Words.choices(argument).isEmpty()) {
            return "(" + String.join(" ", Words.choices(argument)) + ")";
        }
        return Words.isFile(argument) ? "_files" : "";
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
