package io.github.codexauth.home;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * Lets somebody look at a home the moment something changes in it, and once a second in any case, since some file
 * systems tell nobody of changes.
 *
 * <p>One daemon thread, in which every look takes place. Safe for use by several threads.
 */
public final class HomeWatch implements AutoCloseable {
    private static final Duration AT_LEAST_EVERY = Duration.ofSeconds(1);

    /** Whoever looks. */
    @FunctionalInterface
    public interface Observer {
        /**
         * Looks at the home. What it throws is dropped: a watch that ended there would see nothing any more, and the
         * next look may find the trouble gone.
         *
         * @return false if there is no reason to look ever again
         */
        boolean look();
    }

    private final Observer observer;
    private final @Nullable WatchService changes;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    private HomeWatch(Observer observer, @Nullable WatchService changes, String name) {
        this.observer = observer;
        this.changes = changes;
        this.thread = new Thread(this::watch, name);
        this.thread.setDaemon(true);
    }

    /**
     * Starts watching, with a first look.
     *
     * @param name of the thread
     */
    public static HomeWatch start(Path home, String name, Observer observer) {
        HomeWatch watch = new HomeWatch(observer, watchService(home), name);
        watch.thread.start();
        return watch;
    }

    /** Ends the watch and waits for a look that is under way, however long it takes. Not for use in a look. */
    @Override
    public void close() {
        stop();
        // Never by interrupting the thread: that would close the file it may be saving to.
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the watch and waits for a look that is under way, for no longer than this. Not for use in a look. */
    public void close(Duration atMost) throws InterruptedException {
        stop();
        thread.join(atMost.toMillis());
    }

    private void stop() {
        closed.countDown();
        // Should that fail, the thread finds out by itself a second later.
        IOUtils.closeQuietly(changes);
    }

    private void watch() {
        try {
            while (closed.getCount() > 0 && look()) {
                awaitChange();
            }
        } catch (InterruptedException | ClosedWatchServiceException end) {
            // Whoever closed the watch looks for the last time.
            return;
        } finally {
            stop();
        }
    }

    private boolean look() {
        try {
            return observer.look();
        } catch (RuntimeException unexpected) {
            return true;
        }
    }

    private void awaitChange() throws InterruptedException {
        if (changes == null) {
            closed.await(AT_LEAST_EVERY.toNanos(), TimeUnit.NANOSECONDS);
            return;
        }
        WatchKey key = changes.poll(AT_LEAST_EVERY.toNanos(), TimeUnit.NANOSECONDS);
        if (key != null) {
            key.pollEvents();
            key.reset();
        }
    }

    private static @Nullable WatchService watchService(Path home) {
        try {
            WatchService service = home.getFileSystem().newWatchService();
            home.register(service, ENTRY_CREATE, ENTRY_MODIFY);
            return service;
        } catch (IOException | UnsupportedOperationException none) {
            // As when the user's inotify watches are used up: looking once a second still works.
            return null;
        }
    }
}
