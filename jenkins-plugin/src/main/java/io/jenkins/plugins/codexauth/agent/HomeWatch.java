package io.jenkins.plugins.codexauth.agent;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import io.github.codexauth.home.CodexHome;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a home on the agent itself and sends every new {@code auth.json} to the controller the moment it appears. Nothing crosses the
 * channel while nothing changes.
 *
 * <p>One daemon thread for each session. It ends when the session's home is collected, when the home is gone, and when the channel breaks;
 * the controller starts another one when the agent is back.
 */
final class HomeWatch {
    private static final Logger LOGGER = Logger.getLogger(HomeWatch.class.getName());

    /** Some file systems tell nobody of changes. */
    private static final long LOOK_ANYWAY_MILLIS = 1000;

    private static final Map<String, HomeWatch> RUNNING = new ConcurrentHashMap<>();

    private final String session;
    private final CodexHome home;
    private final LoginSink sink;
    private final Thread thread;
    private byte @Nullable [] sent;
    private volatile boolean stopped;
    private volatile @Nullable WatchService waitingFor;

    private HomeWatch(String session, CodexHome home, byte @Nullable [] known, LoginSink sink) {
        this.session = session;
        this.home = home;
        this.sent = known;
        this.sink = sink;
        this.thread = new Thread(this::watch, "auth.json watch of " + session);
        this.thread.setDaemon(true);
    }

    /** @param known what the controller has already; null to send whatever is there first */
    static void start(String session, CodexHome home, byte @Nullable [] known, LoginSink sink) {
        SessionSecrets.of(session).lookFirst(home.folder());
        HomeWatch watch = new HomeWatch(session, home, known, sink);
        HomeWatch before = RUNNING.put(session, watch);
        if (before != null) {
            before.stop();
        }
        watch.thread.start();
    }

    /** Ends a watch and waits for what it is sending. */
    static void stop(String session) throws InterruptedException {
        HomeWatch watch = RUNNING.remove(session);
        if (watch != null) {
            watch.stop();
            watch.thread.join(TimeUnit.SECONDS.toMillis(10));
        }
    }

    /** Wakes the thread, which would look at its end only after a second. */
    private void stop() {
        stopped = true;
        WatchService changes = waitingFor;
        if (changes != null) {
            try {
                changes.close();
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "the watch of " + session + " ends a second later");
            }
        }
    }

    private void watch() {
        try (WatchService changes = home.folder().getFileSystem().newWatchService()) {
            home.folder().register(changes, ENTRY_CREATE, ENTRY_MODIFY);
            waitingFor = changes;
            while (!stopped && home.folder().toFile().isDirectory()) {
                look();
                WatchKey key = changes.poll(LOOK_ANYWAY_MILLIS, TimeUnit.MILLISECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
            }
        } catch (ClosedWatchServiceException end) {
            // Whoever stopped us looks for the last time.
            stopped = true;
        } catch (IOException noWatches) {
            lookOnceASecond();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException channelBroke) {
            // The controller knows when an agent is gone, and looks at the home when it is back.
            LOGGER.log(Level.FINE, "the watch of " + session + " ended", channelBroke);
        } finally {
            RUNNING.remove(session, this);
        }
    }

    /** As when the user's inotify watches are used up. */
    private void lookOnceASecond() {
        try {
            while (!stopped && home.folder().toFile().isDirectory()) {
                look();
                TimeUnit.MILLISECONDS.sleep(LOOK_ANYWAY_MILLIS);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException channelBroke) {
            LOGGER.log(Level.FINE, "the watch of " + session + " ended", channelBroke);
        }
    }

    private void look() {
        Optional<byte[]> now = home.readAuthJson();
        if (now.isPresent() && !Arrays.equals(now.get(), sent)) {
            SessionSecrets.of(session).addRevealed(sink.changed(now.get()));
            sent = now.get();
        }
    }
}
