package io.github.codexauth.runner.command;

import io.github.codexauth.runner.input.UsageException;
import io.github.codexauth.runner.process.Command;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ParseResult;

/**
 * The command to run, which has to stand after {@code --}.
 *
 * <p>Without that rule an option of the command would be taken for one of ours, and the other way round, depending on
 * which of them is typed first.
 */
final class CommandAfterDashes {
    private CommandAfterDashes() {}

    /** @throws UsageException if there is no command, or no {@code --} before it */
    static Command of(ParseResult parsed) throws UsageException {
        List<String> words = parsed.matchedPositionalValue(0, List.of());
        List<String> typed = parsed.originalArgs();
        if (words.isEmpty()) {
            throw new UsageException(
                    "no command to run was given",
                    "put it after two dashes: codex-auth run --id codex-ci -- codex exec \"…\"");
        }
        int dashes = typed.indexOf("--");
        if (dashes < 0 || typed.size() - dashes - 1 != words.size()) {
            throw new UsageException("the command has to follow two dashes", "type: " + corrected(typed, words));
        }
        return new Command(words);
    }

    private static String corrected(List<String> typed, List<String> words) {
        List<String> line = new ArrayList<>(List.of("codex-auth"));
        typed.subList(0, typed.size() - words.size()).forEach(word -> line.add(quoted(word)));
        line.add("--");
        words.forEach(word -> line.add(quoted(word)));
        return String.join(" ", line);
    }

    /** As a shell reads it. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
