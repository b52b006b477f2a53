package io.github.codexauth.runner.network;

import io.github.codexauth.CodexAuthException;

/** A variable names certificate authorities that cannot be used. Exit code 78. */
public final class UnusableCaBundleException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    UnusableCaBundleException(String problem, String hint) {
        super(problem, hint);
    }
}
