package io.github.codexauth;

/**
 * A failure that a person has to act on: what was found, and what to type.
 *
 * <p>Both sentences are shown to people and end up in CI logs, so neither ever holds a secret. For the same reason
 * there is no cause where a cause could quote its input, as parsers do.
 */
public abstract class CodexAuthException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String hint;

    protected CodexAuthException(String problem, String hint) {
        super(problem);
        this.hint = hint;
    }

    protected CodexAuthException(String problem, String hint, Throwable cause) {
        super(problem, cause);
        this.hint = hint;
    }

    /** What was found: no capital, no full stop, as in {@code codex-auth: error: …}. */
    public final String problem() {
        return String.valueOf(getMessage());
    }

    /** What to do about it, ready to paste where that is possible. */
    public final String hint() {
        return hint;
    }
}
