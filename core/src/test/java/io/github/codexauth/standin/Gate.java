package io.github.codexauth.standin;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A place where the stand-in waits for a test. */
public final class Gate {
    private static final int LIMIT_SECONDS = 60;

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    /** Waits until somebody stands at the gate. */
    public void awaitReached() {
        await(reached, "nobody came to the gate");
    }

    /** Lets them pass. */
    public void open() {
        open.countDown();
    }

    /** Stands at the gate until it opens. */
    public void pass() {
        reached.countDown();
        await(open, "the gate stayed closed");
    }

    private static void await(CountDownLatch latch, String otherwise) {
        try {
            if (!latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(otherwise + " within " + LIMIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
