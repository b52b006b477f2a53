package io.github.codexauth.handover;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How often one job can make its helper turn to the store and, by its Codex, to OpenAI. A job's Codex asks when its
 * access token is about to end or was refused, a few times in a day; whoever asks without end would use up OpenAI's
 * patience with the account.
 *
 * <p>Not safe for use by several threads.
 */
final class Pace {
    /** A refused token may be a day's bad luck twice in a row; a loop comes to this in a second. */
    private static final int MOST = 5;

    private static final Duration WITHIN = Duration.ofMinutes(10);

    private final Clock clock;
    private final Deque<Instant> turns = new ArrayDeque<>();

    Pace(Clock clock) {
        this.clock = clock;
    }

    /** Whether there may be one more turn now, which then counts. */
    boolean allowsOneMore() {
        Instant now = clock.instant();
        // A turn of the future was taken before somebody set the clock back.
        turns.removeIf(turn -> turn.isAfter(now) || !turn.plus(WITHIN).isAfter(now));
        if (turns.size() == MOST) {
            return false;
        }
        turns.add(now);
        return true;
    }

    /** What the limit is. */
    @Override
    public String toString() {
        return MOST + " times in " + WITHIN.toMinutes() + " minutes";
    }
}
