package io.github.codexauth.session;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.login.Seed;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Turns at a stored login, for whoever keeps it from its job. A command takes them on its own machine ({@link
 * LoginTurn}); a host whose Codex is elsewhere takes them there.
 */
@FunctionalInterface
public interface LoginTurns {
    /**
     * Takes the login up, and refreshes it if that is due. What is answered as stored is durable.
     *
     * @param lease closed by the turn
     * @param seed the login to start from if the store has none
     * @param due whether this stored login has to be refreshed
     * @throws CodexAuthException if there is no login that could be used, or no way to it now
     */
    LoginTurn.Taken take(Lease lease, Optional<Seed> seed, BiPredicate<AuthJson, Envelope> due)
            throws CodexAuthException, InterruptedException;
}
