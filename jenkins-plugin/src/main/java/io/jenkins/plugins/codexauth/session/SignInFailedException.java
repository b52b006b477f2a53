package io.jenkins.plugins.codexauth.session;

import io.github.codexauth.CodexAuthException;

/** The agent could not give the build a home, or the credential could not be used. */
public final class SignInFailedException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    public SignInFailedException(String problem, String hint) {
        super(problem, hint);
    }
}
