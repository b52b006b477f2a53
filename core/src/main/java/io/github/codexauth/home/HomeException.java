package io.github.codexauth.home;

import io.github.codexauth.CodexAuthException;

/** A private {@code CODEX_HOME} that cannot be made, or in which Codex could not keep a refreshed login. */
public final class HomeException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    public HomeException(String problem, String hint) {
        super(problem, hint);
    }
}
