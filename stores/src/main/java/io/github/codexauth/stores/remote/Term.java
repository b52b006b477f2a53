package io.github.codexauth.stores.remote;

import io.github.codexauth.store.LeaseState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * For how long a lease is ours for certain: counted from when the renewal that was confirmed last had been sent. By the
 * monotonic clock and by the other one, whichever says more, since the first stands still while a machine sleeps.
 * Safe for use by several threads.
 */
public final class Term {
    private final Duration length;
    private final Clock clock;

    private Request last;
    private boolean lost;

    /** Begins now, before the lease is asked for. */
    public Term(LeaseTimes times, Clock clock) {
        this.length = times.term().minus(times.margin());
        this.clock = clock;
        this.last = request();
    }

    /** A renewal that is about to be sent. */
    public Request request() {
        return new Request(System.nanoTime(), clock.instant());
    }

    /** One request to the server, and when it was sent. */
    public final class Request {
        private final long nanos;
        private final Instant instant;

        private Request(long nanos, Instant instant) {
            this.nanos = nanos;
            this.instant = instant;
        }

        /** The server has answered that the lease is ours. */
        public void confirmed() {
            begin(this);
        }

        private Duration age() {
            Duration monotonic = Duration.ofNanos(System.nanoTime() - nanos);
            Duration byTheOther = Duration.between(instant, clock.instant());
            return monotonic.compareTo(byTheOther) > 0 ? monotonic : byTheOther;
        }
    }

    private synchronized void begin(Request confirmed) {
        last = confirmed;
    }

    /** It is ours no more, and never again. */
    public synchronized void lost() {
        lost = true;
    }

    public synchronized LeaseState state() {
        if (lost) {
            return new LeaseState.Lost();
        }
        Duration left = length.minus(last.age());
        return left.isNegative() || left.isZero() ? new LeaseState.Doubtful() : new LeaseState.Held(left);
    }
}
