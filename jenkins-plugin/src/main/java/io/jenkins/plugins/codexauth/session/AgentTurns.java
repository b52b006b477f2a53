package io.jenkins.plugins.codexauth.session;

import hudson.model.TaskListener;
import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.codex.Diagnosis;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.login.Safety;
import io.github.codexauth.login.Seed;
import io.github.codexauth.session.LoginRefresh;
import io.github.codexauth.session.LoginTurn.Taken;
import io.github.codexauth.session.LoginTurns;
import io.github.codexauth.session.RefreshOutcome;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import io.jenkins.plugins.codexauth.agent.CollectHome;
import io.jenkins.plugins.codexauth.agent.SessionSecrets;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Turns at a login that stays on the controller: the agent's Codex refreshes it, in a home that is there for that time
 * alone. The session is written down before, so that a controller or an agent that dies meanwhile loses nothing.
 *
 * <p>Not safe for use by several threads; {@code KeptLogin} lets one in at a time.
 */
final class AgentTurns implements LoginTurns {
    private static final Logger LOGGER = Logger.getLogger(AgentTurns.class.getName());
    private static final Clock CLOCK = Clock.systemUTC();

    private final Supplier<SessionRecord> session;
    private final LoanedLogin login;
    private final CredentialId id;
    private final SessionFiles files;
    private final TaskListener log;
    private boolean homeMayBeThere;
    private Optional<String> missing = Optional.empty();

    /** @param resumed whether an earlier process of this controller may have left a home on the agent */
    AgentTurns(
            Supplier<SessionRecord> session,
            LoanedLogin login,
            CredentialId id,
            SessionFiles files,
            TaskListener log,
            boolean resumed) {
        this.session = session;
        this.login = login;
        this.id = id;
        this.files = files;
        this.log = log;
        this.homeMayBeThere = resumed;
    }

    /** The lease is the session's, and what the store has no seed for was refused before. */
    @Override
    public Taken take(Lease lease, Optional<Seed> seed, BiPredicate<AuthJson, Envelope> due)
            throws CodexAuthException, InterruptedException {
        try (lease) {
            if (!collect()) {
                return taken(unknown("what an earlier refresh left on the agent could not be stored"));
            }
            return taken(due.test(login.auth(), login.current()) ? refresh() : new RefreshOutcome.NotDue());
        } catch (IOException | RuntimeException e) {
            LOGGER.log(
                    BrokenChannel.isCauseOf(e) ? Level.FINE : Level.WARNING,
                    e,
                    () -> "no refresh for " + session.get());
            String agent = BuildOnAgent.nameOf(session.get().node());
            throw new SignInFailedException(
                    BrokenChannel.isCauseOf(e)
                            ? agent + " went away"
                            : agent + " could not refresh the login: "
                                    + e.getClass().getSimpleName(),
                    "build again when it is back; Jenkins' log says more");
        }
    }

    /**
     * Stores what a turn that was cut off left on the agent.
     *
     * @return whether nothing of the login is on the agent now
     */
    boolean collect() throws IOException, InterruptedException {
        if (!homeMayBeThere) {
            return true;
        }
        AgentHome home = home();
        CollectHome.Found found = home.collectKnowing(new byte[0]);
        homeMayBeThere = found.exists() && !end(home, found);
        return !homeMayBeThere;
    }

    /** Whether the newest state of the login may be on the agent alone. */
    boolean mayBeOnAgent() {
        return homeMayBeThere;
    }

    /** Why the agent's Codex could not be asked at the last turn, if so. */
    Optional<String> missing() {
        return missing;
    }

    private RefreshOutcome refresh() throws CodexAuthException, IOException, InterruptedException {
        AgentHome home = home();
        login.handOver();
        homeMayBeThere = true;
        home.make(login.auth().bytes(), null, files.names(), null);
        AgentCodex codex = new AgentCodex(home, login);
        RefreshOutcome outcome = new LoginRefresh(login, CLOCK, codex).now();
        homeMayBeThere = !end(home, home.collect(login));
        missing = codex.missing();
        return missing.isPresent() ? unknown(missing.get()) : outcome;
    }

    private boolean end(AgentHome home, CollectHome.Found found) throws IOException, InterruptedException {
        try {
            return new HomeEnd(home, login, id, files.names(), log).of(found);
        } finally {
            SessionSecrets.forget(home.session());
        }
    }

    private AgentHome home() throws IOException {
        return AgentHome.ofLogin(session.get())
                .orElseThrow(
                        () -> new IOException(BuildOnAgent.nameOf(session.get().node()) + " cannot be reached"));
    }

    private RefreshOutcome unknown(String reason) {
        boolean usable = !login.auth().endsBy(CLOCK.instant());
        return new RefreshOutcome.Failed(
                new Diagnosis.Hindered(Diagnosis.Hindrance.UNKNOWN, reason),
                login.auth().expiresAt().orElse(Instant.EPOCH),
                usable);
    }

    private Taken taken(RefreshOutcome outcome) {
        boolean stored = !homeMayBeThere && !login.hasUnsavedRefresh();
        return new Taken(login.auth(), login.current(), outcome, stored ? Safety.STORED : Safety.LEFT_IN_HOME, login);
    }
}
