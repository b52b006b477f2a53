package io.github.codexauth.runner.command.reference;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;

/** A shell that can complete the command's words. */
public enum Shell {
    BASH {
        @Override
        public String completionOf(CommandSpec command) {
            return AutoComplete.bash(command.name(), command.commandLine());
        }
    },
    FISH {
        @Override
        public String completionOf(CommandSpec command) {
            return FishCompletion.of(command);
        }
    },
    ZSH {
        @Override
        public String completionOf(CommandSpec command) {
            return ZshCompletion.of(command);
        }
    };

    /** The script that the shell reads. */
    public abstract String completionOf(CommandSpec command);

    /** The one of that name; empty if there is none. */
    public static Optional<Shell> named(String name) {
        return Arrays.stream(values())
                .filter(shell -> shell.word().equals(name))
                .findFirst();
    }

    /** How they are typed. */
    public static List<String> words() {
        return Arrays.stream(values()).map(Shell::word).toList();
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
