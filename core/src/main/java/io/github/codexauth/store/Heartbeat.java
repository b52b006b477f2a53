package io.github.codexauth.store;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells a store every second that the holder of a lease is alive, where nothing else of the holder's looks at the lease
 * while its job runs. Ends when it is closed, and with the lease.
 *
 * <p>One daemon thread. A store that does not answer is told the next time; whoever uses a lease that was lost meanwhile
 * finds that out by using it.
 */
public final class Heartbeat implements AutoCloseable {
    private final Lease lease;
    private final ScheduledExecutorService thread;

    private Heartbeat(Lease lease) {
        this.lease = lease;
        this.thread = Executors.newSingleThreadScheduledExecutor(beats -> {
            Thread daemon = new Thread(beats, "lease heartbeat");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    /** Beats from now on. */
    public static Heartbeat of(Lease lease) {
        Heartbeat heartbeat = new Heartbeat(lease);
        heartbeat.thread.scheduleWithFixedDelay(heartbeat::beat, 1, 1, TimeUnit.SECONDS);
        return heartbeat;
    }

    /** Ends it, and does not wait for a store that is slow to answer. */
    @Override
    public void close() {
        // Without an interrupt, which could break the connection of a store that is being told.
        thread.shutdown();
    }

    private void beat() {
        try {
            if (!lease.renew()) {
                thread.shutdown();
            }
        } catch (StoreException | RuntimeException tellItTheNextTime) {
            // An exception that got out would end the beats.
            return;
        }
    }
}
