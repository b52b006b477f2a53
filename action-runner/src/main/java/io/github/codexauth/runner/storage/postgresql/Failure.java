package io.github.codexauth.runner.storage.postgresql;

import io.github.codexauth.store.StoreUnavailableException;

/** A call to the server that did not succeed, and what that means. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is known of what was asked for. */
    enum Kind {
        /** The server refused it, and would refuse it again. */
        REFUSED,
        /** It never reached the server. */
        UNREACHED,
        /** It was sent, and no answer came: it may have been done. */
        UNANSWERED
    }

    private final Kind kind;
    private final transient StoreUnavailableException told;

    Failure(Kind kind, StoreUnavailableException told) {
        super(told.getMessage(), told);
        this.kind = kind;
        this.told = told;
    }

    Kind kind() {
        return kind;
    }

    /** The failure as the user is told. */
    StoreUnavailableException told() {
        return told;
    }
}
