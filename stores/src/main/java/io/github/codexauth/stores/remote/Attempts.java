package io.github.codexauth.stores.remote;

import io.github.codexauth.store.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Calls to a server that are made again until an answer comes. */
public final class Attempts {
    /** For all attempts of one call: below the 7.5 s that a cancelled GitHub job has. */
    public static final Duration LIMIT = Duration.ofMillis(6500);

    private static final int PAUSE_MILLIS = 200;
    private static final Duration LONGEST_REST = Duration.ofSeconds(3);

    private Attempts() {}

    /** One call, which may be made twice. */
    @FunctionalInterface
    public interface Attempt<T> {
        T make() throws Failure;
    }

    /**
     * Makes a call until it is answered.
     *
     * @throws StoreUnavailableException if the server refuses it, or no answer comes in time
     */
    public static <T> T repeat(Attempt<T> attempt) throws StoreUnavailableException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                return attempt.make();
            } catch (Failure failure) {
                if (failure.kind() == Failure.Kind.REFUSED || System.nanoTime() - end > 0) {
                    throw failure.told();
                }
                pause(failure.rest());
            }
        }
    }

    /** Between two attempts. */
    public static void pause() {
        pause(Duration.ZERO);
    }

    /**
     * Between two attempts.
     *
     * @param asked for how long the server wants to hear nothing
     */
    public static void pause(Duration asked) {
        Duration rest = asked.compareTo(LONGEST_REST) < 0 ? asked : LONGEST_REST;
        sleep(rest.plusMillis(PAUSE_MILLIS + ThreadLocalRandom.current().nextInt(PAUSE_MILLIS)));
    }

    /** Waits. An interrupt must not hurry what saves a login, and is left for later. */
    public static void sleep(Duration time) {
        boolean interrupted = Thread.interrupted();
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException later) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
