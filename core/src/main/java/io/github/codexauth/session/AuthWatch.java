package io.github.codexauth.session;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls {@link CodexSession#sync} the moment something changes in the session's home, and once a second in any case, since some file
 * systems tell nobody of changes.
 *
 * <p>One daemon thread; {@link #close} ends it and waits for a save that is under way.
 */
public final class AuthWatch implements AutoCloseable {
    private static final Duration AT_LEAST_EVERY = Duration.ofSeconds(1);

    private final CodexSession session;
    private final @Nullable WatchService changes;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    private AuthWatch(CodexSession session, @Nullable WatchService changes) {
        this.session = session;
        this.changes = changes;
        this.thread = new Thread(this::watch, "auth.json watch");
        this.thread.setDaemon(true);
    }

    /** Starts watching. */
    public static AuthWatch start(CodexSession session) {
        AuthWatch watch = new AuthWatch(session, watchService(session));
        watch.thread.start();
        return watch;
    }

    @Override
    public void close() {
        closed.countDown();
        closeChanges();
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

    private void watch() {
        try {
            do {
                look();
            } while (awaitChange());
        } catch (InterruptedException | ClosedWatchServiceException end) {
            // The last look is finish()'s.
        }
    }

    private void look() {
        try {
            session.sync();
            session.renew();
            session.look();
        } catch (RuntimeException unexpected) {
            // A watch that ended here would save nothing any more; the next look may find the trouble gone.
            return;
        }
    }

    /** Waits for a change, or a second; answers false once closed. */
    private boolean awaitChange() throws InterruptedException {
        if (changes == null) {
            return !closed.await(AT_LEAST_EVERY.toNanos(), TimeUnit.NANOSECONDS);
        }
        WatchKey key = changes.poll(AT_LEAST_EVERY.toNanos(), TimeUnit.NANOSECONDS);
        if (key != null) {
            key.pollEvents();
            key.reset();
        }
        return closed.getCount() > 0;
    }

    private static @Nullable WatchService watchService(CodexSession session) {
        try {
            WatchService service = session.home().folder().getFileSystem().newWatchService();
            session.home().folder().register(service, ENTRY_CREATE, ENTRY_MODIFY);
            return service;
        } catch (IOException | UnsupportedOperationException none) {
            // As when the user's inotify watches are used up: looking once a second still works.
            return null;
        }
    }

    private void closeChanges() {
        if (changes != null) {
            try {
                changes.close();
            } catch (IOException nothingLeftToDo) {
                return;
            }
        }
    }
}
