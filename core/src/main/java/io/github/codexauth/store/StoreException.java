package io.github.codexauth.store;

import io.github.codexauth.CodexAuthException;

/** A store that cannot do what was asked. */
public abstract class StoreException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    protected StoreException(String problem, String hint) {
        super(problem, hint);
    }
}
