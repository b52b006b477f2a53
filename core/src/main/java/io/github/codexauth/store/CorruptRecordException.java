package io.github.codexauth.store;

/** A stored generation that cannot be read back. Nothing overwrites it by itself. */
public final class CorruptRecordException extends StoreException {
    private static final long serialVersionUID = 1L;

    public CorruptRecordException(String problem, String hint) {
        super(problem, hint);
    }
}
