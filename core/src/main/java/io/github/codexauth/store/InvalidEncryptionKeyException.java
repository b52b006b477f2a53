package io.github.codexauth.store;

import io.github.codexauth.CodexAuthException;

/** An age key that is malformed, missing, or not the one a record was encrypted to. */
public final class InvalidEncryptionKeyException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    public InvalidEncryptionKeyException(String problem, String hint) {
        super(problem, hint);
    }
}
