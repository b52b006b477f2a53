package io.jenkins.plugins.codexauth.step;

import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.Executor;
import hudson.model.Result;
import io.jenkins.plugins.codexauth.session.BuildLog;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.model.CauseOfInterruption;
import jenkins.util.Timer;
import org.jspecify.annotations.Nullable;

/** Interrupts a Freestyle build whose time with a login has passed. */
final class TimeLimit {
    static final String PASSED = "the time limit of this withCodexAuth block has passed";

    private final @Nullable Future<?> alarm;

    private TimeLimit(@Nullable Future<?> alarm) {
        this.alarm = alarm;
    }

    /** Begins to count; empty means no limit. */
    static TimeLimit start(Optional<Duration> limit, AbstractBuild<?, ?> build, BuildListener log) {
        return new TimeLimit(limit.map(time ->
                        Timer.get().schedule(() -> interrupt(build, log), time.toMillis(), TimeUnit.MILLISECONDS))
                .orElse(null));
    }

    void cancel() {
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    private static void interrupt(AbstractBuild<?, ?> build, BuildListener log) {
        Executor executor = build.getExecutor();
        if (executor != null) {
            BuildLog.warn(log, PASSED);
            executor.interrupt(Result.ABORTED, new Passed());
        }
    }

    /** Why a build was interrupted. */
    static final class Passed extends CauseOfInterruption {
        private static final long serialVersionUID = 1L;

        @Override
        public String getShortDescription() {
            return "The time limit of withCodexAuth has passed";
        }
    }
}
