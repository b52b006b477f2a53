package io.github.codexauth.runner.command.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page, in the macros of man(7). It says what the commands' help says, all on one page. */
public final class ManPage {
    private final StringBuilder page = new StringBuilder();

    private ManPage() {}

    /** The page of a command and all its subcommands. */
    public static String of(CommandSpec root) {
        var manual = new ManPage();
        manual.write(root);
        return manual.page.toString();
    }

    private void write(CommandSpec root) {
        macro("TH", quoted(root.name()), "1");
        section("NAME");
        text(root.name() + " - " + Words.summary(root).replaceFirst("\\.$", ""));
        section("SYNOPSIS");
        macro("B", quoted(root.name()));
        macro("I", quoted("COMMAND"), quoted("[OPTIONS]"));
        section("COMMANDS");
        for (CommandSpec command : Words.subcommands(root)) {
            command(root, command);
        }
        section("OPTIONS");
        text("For every command:");
        Words.options(root).forEach(this::option);
        section("EXIT STATUS");
        for (Map.Entry<String, String> code : root.usageMessage().exitCodeList().entrySet()) {
            item(code.getKey(), code.getValue());
        }
        section("EXAMPLES");
        example(root.usageMessage().footer());
    }

    private void command(CommandSpec root, CommandSpec command) {
        macro("SS", quoted(root.name() + " " + command.name() + parameters(command)));
        text(Words.summary(command));
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            if (!parameter.hidden()) {
                item(parameter.paramLabel(), Words.summary(parameter));
            }
        }
        List<String> common =
                root.options().stream().map(OptionSpec::longestName).toList();
        Words.options(command).stream()
                .filter(option -> !common.contains(option.longestName()))
                .forEach(this::option);
        if (command.usageMessage().footer().length > 0) {
            macro("PP");
            example(command.usageMessage().footer());
        }
    }

    private static String parameters(CommandSpec command) {
        if (Words.runsCommand(command)) {
            return " [OPTIONS] -- COMMAND [ARG...]";
        }
        var words = new StringBuilder();
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            boolean needed = parameter.arity().min() > 0;
            words.append(needed ? " " : " [").append(parameter.paramLabel()).append(needed ? "" : "]");
        }
        return words + " [OPTIONS]";
    }

    private void option(OptionSpec option) {
        var names = new ArrayList<>(List.of(option.names()));
        if (Words.takesValue(option)) {
            names.replaceAll(name -> name + "=" + option.paramLabel());
        }
        item(String.join(", ", names), Words.summary(option));
    }

    private void section(String title) {
        macro("SH", quoted(title));
    }

    private void item(String term, String explained) {
        macro("TP");
        macro("B", quoted(term));
        text(explained);
    }

    private void example(String... lines) {
        macro("EX");
        for (String line : lines) {
            text(line);
        }
        macro("EE");
    }

    private void macro(String name, String... arguments) {
        page.append('.').append(name);
        for (String argument : arguments) {
            page.append(' ').append(argument);
        }
        page.append('\n');
    }

    /** Lines of text; a dot or a quote at the beginning of one would make a macro of it. */
    private void text(String text) {
        for (String line : text.replace("%n", "\n").split("\n", -1)) {
            page.append(line.startsWith(".") || line.startsWith("'") ? "\\&" : "")
                    .append(escaped(line))
                    .append('\n');
        }
    }

    private static String quoted(String text) {
        return "\"" + escaped(text).replace("\"", "\\(dq") + "\"";
    }

    /** Dashes that can be copied into a shell; and roff of 1973 knows no letters beyond ASCII. */
    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replace("\u2026", "...");
    }
}
