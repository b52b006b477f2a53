package io.github.codexauth;

/** A command was typed, a variable set, or a setting made, in a way that makes no sense. */
public final class UsageException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    public UsageException(String problem, String hint) {
        super(problem, hint);
    }
}
