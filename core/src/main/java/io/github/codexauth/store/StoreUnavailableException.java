package io.github.codexauth.store;

/** A store that is missing, unreachable, full, read-only, or open to others. */
public final class StoreUnavailableException extends StoreException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailableException(String problem, String hint) {
        super(problem, hint);
    }
}
