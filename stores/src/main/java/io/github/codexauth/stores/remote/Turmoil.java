package io.github.codexauth.stores.remote;

import io.github.codexauth.store.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Others who change the same thing, once and again: many may have come at once. */
public final class Turmoil {
    private static final int PAUSE_MILLIS = 50;
    private static final int LONGEST_PAUSE_MILLIS = 1000;

    private final String what;
    private final long end = System.nanoTime() + Attempts.LIMIT.toNanos();
    private int millis = PAUSE_MILLIS;

    /** @param what is changed, and where, for messages */
    public Turmoil(String what) {
        this.what = what;
    }

    /**
     * Waits, longer each time.
     *
     * @throws Failure if it goes on for too long; nothing of ours was done then
     */
    public void pause() throws Failure {
        if (System.nanoTime() - end > 0) {
            throw new Failure(
                    Failure.Kind.UNREACHED,
                    new StoreUnavailableException("others change " + what + " all the time", "try again later"));
        }
        Attempts.sleep(Duration.ofMillis(1 + ThreadLocalRandom.current().nextInt(millis)));
        millis = Math.min(2 * millis, LONGEST_PAUSE_MILLIS);
    }
}
