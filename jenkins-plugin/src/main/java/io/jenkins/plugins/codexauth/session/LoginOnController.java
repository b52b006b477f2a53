package io.jenkins.plugins.codexauth.session;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.SecretText;
import io.github.codexauth.handover.AccessTokens;
import io.github.codexauth.handover.KeptLogin;
import io.github.codexauth.handover.LeaseSource;
import io.github.codexauth.handover.Placeholder;
import io.github.codexauth.home.Patience;
import io.github.codexauth.session.RefreshOutcome;
import io.github.codexauth.store.Lease;
import io.jenkins.plugins.codexauth.agent.SessionSecrets;
import io.jenkins.plugins.codexauth.agent.TokenAnswer;
import io.jenkins.plugins.codexauth.agent.TokenSource;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A login that stays on the controller while a block on an agent uses it: the block's Codex has an access token, and
 * asks here for the next one.
 *
 * <p>Safe for use by several threads.
 */
final class LoginOnController implements TokenSource {
    private final String session;
    private final Placeholder placeholder;
    private final AgentTurns turns;
    private final KeptLogin login;
    private volatile boolean opened;
    private volatile boolean closing;

    /** @param placeholder its {@link Placeholder#stem} */
    LoginOnController(String session, String placeholder, AgentTurns turns, Lease lease) {
        this.session = session;
        this.placeholder = Placeholder.of(SecretText.of(placeholder));
        this.turns = turns;
        this.login = new KeptLogin(turns, LeaseSource.holding(lease), Clock.systemUTC());
    }

    /**
     * Takes it up, and lets the agent's Codex refresh it if it would not last.
     *
     * @return what came of that
     * @throws CodexAuthException if the agent went away
     */
    RefreshOutcome open(Duration lasts) throws CodexAuthException, InterruptedException {
        RefreshOutcome outcome = login.open(Optional.empty(), lasts);
        opened = true;
        return outcome;
    }

    /** The block's file: the newest access token, and nothing that could be refreshed. */
    byte[] file() {
        return hideAndStrip(login.now());
    }

    @Override
    public TokenAnswer after(long generation) {
        if (closing || !opened) {
            return TokenAnswer.unavailable("the block is not open");
        }
        try {
            return answer(login.after(generation));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return TokenAnswer.unavailable("the controller was told to stop");
        }
    }

    private TokenAnswer answer(AccessTokens.Supply supply) {
        if (supply instanceof AccessTokens.Granted granted) {
            byte[] file = hideAndStrip(granted);
            return TokenAnswer.granted(
                    file, granted.generation(), SessionSecrets.of(session).revealed());
        }
        return supply instanceof AccessTokens.Ended ended
                ? TokenAnswer.ended(ended.needs())
                : TokenAnswer.unavailable(((AccessTokens.Unavailable) supply).reason());
    }

    private byte[] hideAndStrip(AccessTokens.Granted granted) {
        AuthJson state = granted.login();
        SessionSecrets.of(session).add(List.of(state.idToken(), state.accessToken()));
        return state.withoutRefreshToken(placeholder.at(granted.generation()));
    }

    /** Answers nobody any more: the lease is not the block's from now on. */
    void refuse() {
        closing = true;
    }

    /**
     * Answers nobody any more, waits for a refresh that is under way, and looks whether the login is stored.
     *
     * @return whether it is safe; else it lies on the agent
     */
    boolean end() throws IOException, InterruptedException {
        refuse();
        login.awaitCalm(Patience.UNHURRIED);
        boolean safe = turns.collect();
        if (safe && opened) {
            login.settle();
        }
        return safe;
    }

    /** Whether the newest state of the login may be on the agent alone. */
    boolean mayBeOnAgent() {
        return turns.mayBeOnAgent();
    }

    /** Why the agent's Codex could not be asked at the last turn, if so. */
    Optional<String> missing() {
        return turns.missing();
    }
}
