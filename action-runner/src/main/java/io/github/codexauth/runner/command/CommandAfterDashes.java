package io.github.codexauth.runner.command;

import io.github.codexauth.UsageException;
import io.github.codexauth.runner.process.Command;
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
            // Nothing of it is repeated: a prompt may be a stranger's text, and an argument a key.
            throw new UsageException(
                    "the command has to follow two dashes",
                    "put them before its first word: codex-auth run [OPTIONS] -- COMMAND [ARG…]");
        }
        return new Command(words);
    }
}
