package io.jenkins.plugins.codexauth.session;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.SecretText;
import io.github.codexauth.handover.AccessTokens;
import io.github.codexauth.handover.KeptLogin;
import io.github.codexauth.handover.LeaseSource;
import io.github.codexauth.handover.Placeholder;
import io.github.codexauth.home.Patience;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.session.RefreshOutcome;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.Envelope;
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
    private final LeaseSource leases;
    private final KeptLogin login;
    private volatile boolean opened;
    private volatile boolean asked;
    private volatile boolean closing;

    /**
     * @param placeholder its {@link Placeholder#stem}
     * @param leases where a turn gets its lease
     */
    LoginOnController(String session, String placeholder, AgentTurns turns, LeaseSource leases) {
        this.session = session;
        this.placeholder = Placeholder.of(SecretText.of(placeholder));
        this.turns = turns;
        this.leases = leases;
        this.login = new KeptLogin(turns, leases, Clock.systemUTC());
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

    /**
     * Stores what a refresh that was cut off left on the agent, which is there again.
     *
     * @throws CodexAuthException if it went away once more, or somebody else has the login
     */
    void collect() throws CodexAuthException, InterruptedException {
        if (turns.mayBeOnAgent()) {
            open(Duration.ZERO);
        }
    }

    /** The block's file: the newest access token, and nothing that could be refreshed. */
    byte[] file() {
        return hideAndStrip(login.now());
    }

    @Override
    public TokenAnswer after(long generation) {
        asked = true;
        if (closing) {
            return TokenAnswer.unavailable("the block is over");
        }
        try {
            if (!opened) {
                // The controller was started anew, and nobody has asked since.
                open(Duration.ZERO);
            }
            return answer(login.after(generation));
        } catch (LoginNeededException dead) {
            return TokenAnswer.ended(dead.needs());
        } catch (CodexAuthException e) {
            return TokenAnswer.unavailable(e.problem());
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

    /** Answers nobody any more: the login is not the block's from now on. */
    void refuse() {
        closing = true;
    }

    /**
     * Answers nobody any more, waits for a refresh that is under way, and looks whether the login is stored.
     *
     * @return whether it is safe; else it lies on the agent
     */
    boolean end() throws CodexAuthException, IOException, InterruptedException {
        refuse();
        login.awaitCalm(Patience.UNHURRIED);
        if (turns.mayBeOnAgent() && !collected()) {
            return false;
        }
        if (opened) {
            login.settle();
        }
        return true;
    }

    private boolean collected() throws CodexAuthException, IOException, InterruptedException {
        try (Lease lease = leases.take()) {
            return turns.collect(lease);
        } catch (CredentialBusyException others) {
            return false;
        }
    }

    /** Whether the block's Codex has asked for an access token since this process began. */
    boolean wasAsked() {
        return asked;
    }

    /** What the store has, as far as this session knows. */
    Optional<Envelope> stored() {
        return turns.stored();
    }

    /** Whether this session brought the next state of the login. */
    boolean refreshed() {
        return turns.refreshed();
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
