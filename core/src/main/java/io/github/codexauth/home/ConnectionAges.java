package io.github.codexauth.home;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long each TCP connection has been seen to exist.
 *
 * <p>Linux does not tell. So somebody has to {@link #look} now and then; a connection that nobody looked at before
 * counts as new, which is the careful answer: a new one may be a refresh. Safe for use by several threads.
 */
public final class ConnectionAges {
    static final Path OUR_NETWORK = Path.of("/proc/self/net");
    private static final long LOOKS_ARE_APART_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private final Map<String, Long> firstSeen = new HashMap<>();
    private long lookedAt;

    /** @param nanoTime as {@link System#nanoTime} */
    public ConnectionAges(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lookedAt = nanoTime.getAsLong() - LOOKS_ARE_APART_NANOS;
    }

    /** Notes which connections there are. Does nothing if the last look was less than a second ago. */
    public synchronized void look() {
        long now = nanoTime.getAsLong();
        if (now - lookedAt >= LOOKS_ARE_APART_NANOS) {
            lookedAt = now;
            Set<String> open = TcpConnections.in(OUR_NETWORK);
            firstSeen.keySet().retainAll(open);
            open.forEach(socket -> firstSeen.putIfAbsent(socket, now));
        }
    }

    /** Whether a connection, by the inode of its socket, has not been there for longer than this. */
    synchronized boolean isYounger(String socket, Duration age) {
        long now = nanoTime.getAsLong();
        return now - firstSeen.computeIfAbsent(socket, unseen -> now) < age.toNanos();
    }
}
