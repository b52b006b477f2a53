package io.jenkins.plugins.codexauth.agent;

import hudson.remoting.Channel;
import io.github.codexauth.handover.AccessTokens;
import io.github.codexauth.handover.Placeholder;
import io.github.codexauth.handover.TokenAddress;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The addresses in this agent's own process at which sessions' Codex ask for access tokens, by session. One ends with
 * its session's home, and with the channel; the controller opens it once more when the agent is back.
 */
final class TokenAddresses {
    private static final Logger LOGGER = Logger.getLogger(TokenAddresses.class.getName());
    private static final Map<String, Open> OPEN = new ConcurrentHashMap<>();

    private TokenAddresses() {}

    /**
     * Opens a session's address, in the place of one that is open.
     *
     * @param earlier what the session's processes know already; another one is opened if its port is taken by now
     * @throws IOException if the machine has no loopback interface
     */
    static TokenAddress open(String session, Placeholder placeholder, @Nullable URI earlier, TokenSource source)
            throws IOException {
        close(session);
        AccessTokens tokens = generation -> ask(session, source, generation);
        TokenAddress address = opened(placeholder, earlier, tokens);
        OPEN.put(session, new Open(session, address, Channel.current()).listening());
        return address;
    }

    /** An address that ends with a channel; null for a host without one, which has no other process to lose. */
    private static final class Open extends Channel.Listener {
        private final String session;
        private final TokenAddress address;
        private final @Nullable Channel channel;

        Open(String session, TokenAddress address, @Nullable Channel channel) {
            this.session = session;
            this.address = address;
            this.channel = channel;
        }

        Open listening() {
            if (channel != null) {
                channel.addListener(this);
            }
            return this;
        }

        @Override
        public void onClosed(Channel closed, IOException cause) {
            OPEN.remove(session, this);
            address.close();
        }

        /** A channel outlives thousands of sessions. */
        void close() {
            if (channel != null) {
                channel.removeListener(this);
            }
            address.close();
        }
    }

    private static TokenAddress opened(Placeholder placeholder, @Nullable URI earlier, AccessTokens tokens)
            throws IOException {
        if (earlier != null) {
            try {
                return TokenAddress.reopen(earlier, placeholder, tokens, Clock.systemUTC());
            } catch (IOException taken) {
                LOGGER.log(Level.FINE, "a session gets another address", taken);
            }
        }
        return TokenAddress.open(placeholder, tokens, Clock.systemUTC());
    }

    static void close(String session) {
        Open open = OPEN.remove(session);
        if (open != null) {
            open.close();
        }
    }

    private static AccessTokens.Supply ask(String session, TokenSource source, long generation) {
        try {
            TokenAnswer answer = source.after(generation);
            SessionSecrets.of(session).addRevealed(answer.secrets());
            return answer.supply();
        } catch (RuntimeException channelBroke) {
            LOGGER.log(Level.FINE, "the controller did not answer", channelBroke);
            return new AccessTokens.Unavailable("the Jenkins controller cannot be reached now");
        }
    }
}
