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
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Turns at a login that stays on the controller: the agent's Codex refreshes it, in a home that is there for that time
 * alone. That is written down before, so that a controller or an agent that dies meanwhile loses nothing: until the
 * home is collected, nobody on this controller refreshes that login, whose refresh token may be used up.
 *
 * <p>Not safe for use by several threads; {@code KeptLogin} lets one in at a time.
 */
final class AgentTurns implements LoginTurns {
    private static final Logger LOGGER = Logger.getLogger(AgentTurns.class.getName());
    private static final Clock CLOCK = Clock.systemUTC();

    private final LiveRecord session;
    private final Loans loans;
    private final SessionFiles files;
    private final TaskListener log;
    private volatile @Nullable LoanedLogin newest;
    private volatile boolean refreshed;
    private Optional<String> missing = Optional.empty();

    AgentTurns(LiveRecord session, Loans loans, SessionFiles files, TaskListener log) {
        this.session = session;
        this.loans = loans;
        this.files = files;
        this.log = log;
    }

    /** What the store has no seed for was refused before. */
    @Override
    public Taken take(Lease lease, Optional<Seed> seed, BiPredicate<AuthJson, Envelope> due)
            throws CodexAuthException, InterruptedException {
        try (lease) {
            boolean calm = collect(lease);
            LoanedLogin login = loans.take(lease);
            newest = login;
            if (!calm) {
                return taken(login, unknown(login, "what an earlier refresh left on the agent could not be stored"));
            }
            return taken(
                    login,
                    due.test(login.auth(), login.current()) ? refresh(login, lease.id()) : new RefreshOutcome.NotDue());
        } catch (IOException | RuntimeException e) {
            LOGGER.log(
                    BrokenChannel.isCauseOf(e) ? Level.FINE : Level.WARNING,
                    e,
                    () -> "no refresh for " + session.now());
            String agent = BuildOnAgent.nameOf(session.now().node());
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
     * @param lease the login's
     * @return whether nothing of the login is on the agent now
     */
    boolean collect(Lease lease) throws CodexAuthException, IOException, InterruptedException {
        if (!mayBeOnAgent()) {
            return true;
        }
        AgentHome home = home();
        CollectHome.Found found = home.collectKnowing(new byte[0]);
        if (found.exists()) {
            LoanedLogin login = loans.resume(lease, found.files());
            newest = login;
            if (!end(home, login, lease.id(), found)) {
                return false;
            }
        }
        nothingOnAgent();
        return true;
    }

    /** Whether the newest state of the login may be on the agent alone. */
    boolean mayBeOnAgent() {
        return session.now().isRefreshing();
    }

    /** Why the agent's Codex could not be asked at the last turn, if so. */
    Optional<String> missing() {
        return missing;
    }

    /** What the store has, as far as this session knows; empty before its first turn. */
    Optional<Envelope> stored() {
        return Optional.ofNullable(newest).map(LoanedLogin::current);
    }

    /** Whether a turn of this session brought the next state of the login. */
    boolean refreshed() {
        LoanedLogin last = newest;
        return refreshed || last != null && last.refreshed();
    }

    private RefreshOutcome refresh(LoanedLogin login, CredentialId id)
            throws CodexAuthException, IOException, InterruptedException {
        Optional<String> elsewhere = cutOffElsewhere(login, id);
        if (elsewhere.isPresent()) {
            return unknown(login, elsewhere.get());
        }
        AgentHome home = home();
        login.handOver();
        session.change(record -> record.startingFrom(login.start()).refreshing(true));
        home.make(login.auth().bytes(), null, files.names(), null);
        AgentCodex codex = new AgentCodex(home, login);
        RefreshOutcome outcome = new LoginRefresh(login, CLOCK, codex).now();
        if (end(home, login, id, home.collect(login))) {
            nothingOnAgent();
        }
        missing = codex.missing();
        return missing.isPresent() ? unknown(login, missing.get()) : outcome;
    }

    /**
     * What keeps us from refreshing: that somebody else's refresh was cut off on an agent that has not given back what
     * it has.
     *
     * @throws SignInFailedException if so, and the access token has ended
     */
    private Optional<String> cutOffElsewhere(LoanedLogin login, CredentialId id) throws SignInFailedException {
        Optional<String> agent = LeftHomes.cutOffElsewhere(session.now(), files);
        if (agent.isPresent() && login.auth().endsBy(CLOCK.instant())) {
            throw LeftHomes.cutOff(id, agent.get());
        }
        return agent.map(name -> "a refresh was cut off on " + name + ", which may have the newest login");
    }

    private boolean end(AgentHome home, LoanedLogin login, CredentialId id, CollectHome.Found found)
            throws IOException, InterruptedException {
        try {
            return new HomeEnd(home, login, id, files.names(), log).of(found);
        } finally {
            SessionSecrets.forget(home.session());
        }
    }

    private void nothingOnAgent() {
        session.changeIfPossible(record -> record.refreshing(false), "that its refresh is stored");
    }

    private AgentHome home() throws IOException {
        return AgentHome.ofLogin(session.now())
                .orElseThrow(
                        () -> new IOException(BuildOnAgent.nameOf(session.now().node()) + " cannot be reached"));
    }

    private RefreshOutcome unknown(LoanedLogin login, String reason) {
        boolean usable = !login.auth().endsBy(CLOCK.instant());
        return new RefreshOutcome.Failed(
                new Diagnosis.Hindered(Diagnosis.Hindrance.UNKNOWN, reason),
                login.auth().expiresAt().orElse(Instant.EPOCH),
                usable);
    }

    private Taken taken(LoanedLogin login, RefreshOutcome outcome) {
        refreshed |= login.refreshed();
        boolean stored = !mayBeOnAgent() && !login.hasUnsavedRefresh();
        return new Taken(login.auth(), login.current(), outcome, stored ? Safety.STORED : Safety.LEFT_IN_HOME, login);
    }
}
