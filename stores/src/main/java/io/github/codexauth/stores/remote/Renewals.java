package io.github.codexauth.stores.remote;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The thread of a store that renews its leases. It ends by itself when there are none, and keeps no process alive. */
public final class Renewals {
    private static final int IDLE_SECONDS = 5;

    private final ScheduledThreadPoolExecutor thread;

    public Renewals() {
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread fresh = new Thread(task, "lease renewal");
            fresh.setDaemon(true);
            return fresh;
        });
        thread.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
        thread.setRemoveOnCancelPolicy(true);
    }

    /**
     * Calls something now and then, until it answers false or what is returned is ended.
     *
     * @param about how often, give or take a fifth, so that runners that began together do not stay together
     */
    public Renewal start(Duration about, BooleanSupplier renew) {
        Renewal renewal = new Renewal(about, renew);
        renewal.scheduleNext();
        return renewal;
    }

    /** One that goes on. */
    public final class Renewal {
        private final Duration about;
        private final BooleanSupplier renew;
        private volatile boolean ended;

        private Renewal(Duration about, BooleanSupplier renew) {
            this.about = about;
            this.renew = renew;
        }

        /** Calls no more; a call that is under way goes on. */
        public void end() {
            ended = true;
        }

        private void scheduleNext() {
            long fifth = about.toMillis() / 5;
            long pause = about.toMillis() + ThreadLocalRandom.current().nextLong(-fifth, fifth + 1);
            thread.schedule(this::call, pause, TimeUnit.MILLISECONDS);
        }

        private void call() {
            if (!ended && renew.getAsBoolean()) {
                scheduleNext();
            }
        }
    }
}
