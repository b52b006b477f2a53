package io.github.codexauth.stores.remote;

import io.github.codexauth.store.CompareAndSwap;
import io.github.codexauth.store.LostAnswerException;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;

/** Swaps on a server, whose outcome is read back where an answer was lost. */
public final class Settled {
    private Settled() {}

    /** What a store does to swap, each of it once. */
    public interface Swap {
        SaveResult swapOnce() throws StoreException, Failure;

        Revision storedOnce() throws StoreException, Failure;
    }

    /**
     * Swaps.
     *
     * @throws StoreException if the server refuses it, or nobody can tell what came of it
     */
    public static SaveResult swap(Revision expected, Revision next, Swap swap) throws StoreException {
        return new CompareAndSwap(expected, next, Attempts.LIMIT).in(new CompareAndSwap.Place() {
            @Override
            public SaveResult swap() throws StoreException, LostAnswerException {
                try {
                    return swap.swapOnce();
                } catch (Failure failure) {
                    if (failure.kind() == Failure.Kind.REFUSED) {
                        throw failure.told();
                    }
                    throw new LostAnswerException(failure.told());
                }
            }

            @Override
            public Revision stored() throws StoreException {
                Attempts.pause();
                try {
                    return swap.storedOnce();
                } catch (Failure failure) {
                    throw failure.told();
                }
            }
        });
    }
}
