package io.github.codexauth.runner.process;

import io.github.codexauth.CodexAuthException;

/** There is no such program; a shell answers 127. */
public final class CommandNotFoundException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    CommandNotFoundException(String program) {
        super(
                "command not found: " + program,
                switch (program) {
                    case "codex" -> "install the Codex CLI (npm install -g @openai/codex) or add its folder to PATH";
                    case Command.NOT_SHOWN ->
                        "the first word after -- is the program, and each argument a word of its own:"
                                + " -- codex exec \"…\"";
                    default -> "install it, add its folder to PATH, or write its full path after --";
                });
    }
}
