package io.github.codexauth.store;

/** A write that was sent to a store, of which nobody knows whether it took place. */
public final class LostAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient StoreUnavailableException failure;

    /** @param failure what to say if it cannot be found out */
    public LostAnswerException(StoreUnavailableException failure) {
        super(failure.getMessage(), failure);
        this.failure = failure;
    }

    /** What to say if it cannot be found out. */
    StoreUnavailableException failure() {
        return failure;
    }
}
