package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Waiting for a turn in a line.
 *
 * @param times how long a lease lasts
 * @param clock tells how long this machine slept
 */
record Turns(Line line, LeaseTimes times, Clock clock) {
    private static final Occupancy SOMEBODY =
            new Occupancy(new Holder("others in the line", Instant.EPOCH), Optional.empty());

    /**
     * Waits for a turn.
     *
     * @param wait how long; zero looks once
     * @param onBusy told who has one of them, when that changes
     * @throws CredentialBusyException if none became free in time
     */
    Turn await(List<CredentialId> ids, Holder holder, Duration wait, BiConsumer<CredentialId, Occupancy> onBusy)
            throws StoreUnavailableException, CredentialBusyException, InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        Line.Waiting waiting = line.enter(ids, holder, wait);
        Optional<Line.Busy> told = Optional.empty();
        Optional<Line.Busy> busy = Optional.empty();
        try {
            while (true) {
                Term term = new Term(times, clock);
                try {
                    Line.Look look = waiting.look();
                    if (look.ours().isPresent()) {
                        return new Turn(look.ours().get(), term);
                    }
                    busy = look.busy();
                    if (busy.isPresent() && !busy.equals(told)) {
                        told = busy;
                        onBusy.accept(told.get().id(), told.get().occupancy());
                    }
                } catch (StoreUnavailableException silent) {
                    // Whoever stands in the line may outlast a restart of the server.
                    if (!waiting.isInLine() || System.nanoTime() - end >= 0) {
                        throw silent;
                    }
                }
                Duration left = Duration.ofNanos(end - System.nanoTime());
                if (left.isNegative() || left.isZero()) {
                    throw busy(busy.orElse(new Line.Busy(ids.get(0), SOMEBODY)));
                }
                waiting.rest(left);
            }
        } finally {
            waiting.leave();
        }
    }

    private static CredentialBusyException busy(Line.Busy busy) {
        return busy.occupancy().until().isPresent()
                ? CredentialBusyException.left(busy.id(), busy.occupancy())
                : new CredentialBusyException(busy.id(), busy.occupancy());
    }
}
