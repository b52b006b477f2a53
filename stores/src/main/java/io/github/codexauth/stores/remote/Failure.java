package io.github.codexauth.stores.remote;

import io.github.codexauth.store.StoreUnavailableException;
import java.time.Duration;

/** A call to the server that did not succeed, and what that means. */
public final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is known of what was asked for. */
    public enum Kind {
        /** The server refused it, and would refuse it again. */
        REFUSED,
        /** It never reached the server. */
        UNREACHED,
        /** It was sent, and no answer came: it may have been done. */
        UNANSWERED
    }

    private final Kind kind;
    private final transient StoreUnavailableException told;
    private final Duration rest;

    public Failure(Kind kind, StoreUnavailableException told) {
        this(kind, told, Duration.ZERO);
    }

    /** @param rest for how long the server wants to hear nothing */
    public Failure(Kind kind, StoreUnavailableException told, Duration rest) {
        super(told.getMessage(), told);
        this.kind = kind;
        this.told = told;
        this.rest = rest;
    }

    public Kind kind() {
        return kind;
    }

    /** The failure as the user is told. */
    public StoreUnavailableException told() {
        return told;
    }

    /** For how long the server wants to hear nothing; zero if it did not say. */
    public Duration rest() {
        return rest;
    }
}
