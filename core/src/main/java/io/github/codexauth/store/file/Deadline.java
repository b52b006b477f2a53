package io.github.codexauth.store.file;

import java.time.Duration;

/** An instant of the monotonic clock, which nobody sets. */
final class Deadline {
    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    static Deadline after(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    boolean hasPassed() {
        return nanos - System.nanoTime() <= 0;
    }

    /** Never negative. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    Duration remainingAtMost(Duration limit) {
        Duration remaining = remaining();
        return remaining.compareTo(limit) < 0 ? remaining : limit;
    }

    void sleepAtMost(Duration limit) throws InterruptedException {
        Thread.sleep(remainingAtMost(limit).toMillis() + 1);
    }
}
