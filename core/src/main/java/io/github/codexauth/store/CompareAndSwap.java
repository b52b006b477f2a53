package io.github.codexauth.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A save over a network, where an answer can be lost: what became of the write is then read back, and never guessed.
 *
 * @param expected what the save replaces
 * @param next what it stores
 * @param limit how long it may take, all attempts together
 */
public record CompareAndSwap(Revision expected, Revision next, Duration limit) {
    /** The place in a store that is swapped. */
    public interface Place {
        /**
         * Writes if what is stored is still what is expected.
         *
         * @throws StoreUnavailableException if nothing was written, and nothing would be by another attempt
         * @throws LostAnswerException if nobody knows, or another attempt may succeed
         */
        SaveResult swap() throws StoreException, LostAnswerException;

        /**
         * What is stored now. Asked for between two attempts, so that whoever answers may take a short rest first.
         *
         * @throws StoreUnavailableException if the store does not answer
         */
        Revision stored() throws StoreException;
    }

    /**
     * Swaps, and finds out what became of it.
     *
     * @throws StoreUnavailableException if nothing was written, or nobody could find out in time. Whoever tries again
     *     may find the record already there
     */
    public SaveResult in(Place place) throws StoreException {
        long end = System.nanoTime() + limit.toNanos();
        @Nullable StoreUnavailableException unknown = null;
        do {
            try {
                if (unknown != null) {
                    Revision stored = place.stored();
                    if (stored.equals(next)) {
                        return SaveResult.SAVED;
                    }
                    if (!stored.equals(expected)) {
                        return SaveResult.CONFLICT;
                    }
                }
                SaveResult result = place.swap();
                if (unknown == null || result != SaveResult.CONFLICT) {
                    return result;
                }
                // What was sent first has arrived after we had looked: the next look sees it.
            } catch (LostAnswerException lost) {
                unknown = lost.failure();
            } catch (StoreUnavailableException silent) {
                if (unknown == null) {
                    throw silent;
                }
            }
        } while (System.nanoTime() - end < 0);
        throw unknown;
    }
}
