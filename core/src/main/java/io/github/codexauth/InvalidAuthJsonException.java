package io.github.codexauth;

/** A file that is not the {@code auth.json} of a ChatGPT login which Codex can keep refreshing. */
public final class InvalidAuthJsonException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    public InvalidAuthJsonException(String problem, String hint) {
        super(problem, hint);
    }
}
