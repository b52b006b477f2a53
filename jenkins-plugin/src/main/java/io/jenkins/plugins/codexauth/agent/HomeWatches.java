package io.jenkins.plugins.codexauth.agent;

import io.github.codexauth.home.CodexHome;
import io.github.codexauth.home.HomeWatch;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The watches of the homes on this agent, by session. Each sends every new {@code auth.json} to the controller the
 * moment it appears, and nothing crosses the channel while nothing changes.
 *
 * <p>A watch ends when its home is collected, when the home is gone, and when the channel breaks; the controller starts
 * another one when the agent is back.
 */
final class HomeWatches {
    private static final Logger LOGGER = Logger.getLogger(HomeWatches.class.getName());
    private static final Duration LAST_LOOK = Duration.ofSeconds(10);

    /** As good as none: what an earlier watch still sends over a broken channel is nothing to wait for. */
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private static final Map<String, Running> RUNNING = new ConcurrentHashMap<>();

    private HomeWatches() {}

    private record Running(Look look, HomeWatch watch) {}

    /** @param known what the controller has already; null to send whatever is there first */
    static void start(String session, CodexHome home, byte @Nullable [] known, LoginSink sink)
            throws InterruptedException {
        SessionSecrets.of(session).lookFirst(home.folder());
        Look look = new Look(session, home, known, sink);
        HomeWatch watch = HomeWatch.start(home.folder(), "auth.json watch of " + session, look);
        Running before = RUNNING.put(session, new Running(look, watch));
        if (before != null) {
            before.watch().close(AT_ONCE);
        }
    }

    /** Ends a watch and waits for what it is sending. */
    static void stop(String session) throws InterruptedException {
        Running running = RUNNING.remove(session);
        if (running != null) {
            running.watch().close(LAST_LOOK);
        }
    }

    /** Sends what is new. */
    private static final class Look implements HomeWatch.Observer {
        private final String session;
        private final CodexHome home;
        private final LoginSink sink;
        private byte @Nullable [] sent;

        Look(String session, CodexHome home, byte @Nullable [] known, LoginSink sink) {
            this.session = session;
            this.home = home;
            this.sent = known;
            this.sink = sink;
        }

        @Override
        public boolean look() {
            boolean goesOn = home.folder().toFile().isDirectory() && send();
            if (!goesOn) {
                RUNNING.computeIfPresent(session, (name, now) -> now.look() == this ? null : now);
            }
            return goesOn;
        }

        private boolean send() {
            Optional<byte[]> now = home.readAuthJson();
            if (now.isEmpty() || Arrays.equals(now.get(), sent)) {
                return true;
            }
            try {
                SessionSecrets.of(session).addRevealed(sink.changed(now.get()));
                sent = now.get();
                return true;
            } catch (RuntimeException channelBroke) {
                // The controller knows when an agent is gone, and looks at the home when it is back.
                LOGGER.log(Level.FINE, "the watch of " + session + " ended", channelBroke);
                return false;
            }
        }
    }
}
