package io.github.codexauth.stores.postgresql;

import io.github.codexauth.stores.remote.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * One who listens for the {@link Bell}, on a connection of his own that stays open meanwhile. Where it cannot be heard
 * he just waits. For use by one thread.
 */
final class Listener implements AutoCloseable {
    /** A connection does not hear an interrupt, so that is looked for in between. */
    private static final int SLICE_MILLIS = 100;

    private final Bell bell;
    private @Nullable Connection connection;
    private boolean deaf;

    Listener(Bell bell) {
        this.bell = bell;
        this.deaf = !bell.isThere();
    }

    /**
     * Waits until it rings for a place, or for a while. Returns at once when he begins to listen: what rang before, a
     * look shows.
     */
    void await(long ticket, Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        if (connection == null && !deaf && listen()) {
            return;
        }
        @Nullable Connection open = connection;
        if (open != null) {
            try {
                hear(open.unwrap(PGConnection.class), String.valueOf(ticket), end);
                return;
            } catch (SQLException broken) {
                // The server may be back for the next look, and a new connection.
                close();
            }
        }
        Thread.sleep(Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
    }

    private boolean listen() {
        try {
            Connection fresh = bell.database().connect();
            connection = fresh;
            if (Bell.listen(fresh)) {
                return true;
            }
            deaf = true;
            close();
            return false;
        } catch (SQLException | Failure later) {
            close();
            return false;
        }
    }

    private static void hear(PGConnection open, String ticket, long end) throws SQLException, InterruptedException {
        while (true) {
            long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (left <= 0) {
                return;
            }
            for (PGNotification heard : open.getNotifications((int) Math.min(left, SLICE_MILLIS))) {
                if (heard.getParameter().equals(ticket)) {
                    return;
                }
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** Listens no more. */
    @Override
    public void close() {
        @Nullable Connection open = connection;
        connection = null;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (SQLException gone) {
            return;
        }
    }
}
