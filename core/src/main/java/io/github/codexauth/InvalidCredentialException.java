package io.github.codexauth;

/** An API key, access token or workload identity setting that Codex could not use. */
public final class InvalidCredentialException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    public InvalidCredentialException(String problem, String hint) {
        super(problem, hint);
    }
}
