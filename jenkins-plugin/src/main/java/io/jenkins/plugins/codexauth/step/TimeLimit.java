package io.jenkins.plugins.codexauth.step;

import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.model.CauseOfInterruption;
import jenkins.util.Timer;

/**
 * A block's alarm clock. It rings once, at once if the time has passed already, as after a restart; and not after it
 * was cancelled.
 */
final class TimeLimit {
    static final String PASSED = "the time limit of this withCodexAuth block has passed";

    private final Future<?> alarm;

    private TimeLimit(Future<?> alarm) {
        this.alarm = alarm;
    }

    /** @param ring run in a thread of Jenkins' timer, which must not be held up */
    static TimeLimit at(Instant end, Runnable ring) {
        long left = end.toEpochMilli() - System.currentTimeMillis();
        return new TimeLimit(Timer.get().schedule(ring, Math.max(0, left), TimeUnit.MILLISECONDS));
    }

    void cancel() {
        alarm.cancel(false);
    }

    /** Why a block was interrupted. */
    static final class Passed extends CauseOfInterruption {
        private static final long serialVersionUID = 1L;

        @Override
        public String getShortDescription() {
            return "The time limit of withCodexAuth has passed";
        }
    }
}
