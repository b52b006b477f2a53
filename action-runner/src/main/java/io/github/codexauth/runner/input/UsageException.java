package io.github.codexauth.runner.input;

import io.github.codexauth.CodexAuthException;

/** The command was typed, or its variables set, in a way that makes no sense. Exit code 64. */
public final class UsageException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    public UsageException(String problem, String hint) {
        super(problem, hint);
    }
}
