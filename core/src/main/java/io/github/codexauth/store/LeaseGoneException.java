package io.github.codexauth.store;

import io.github.codexauth.CodexAuthException;

/** A detached lease that ran out and was taken by somebody else, or was ended by an operator. */
public final class LeaseGoneException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    public LeaseGoneException(String problem, String hint) {
        super(problem, hint);
    }
}
