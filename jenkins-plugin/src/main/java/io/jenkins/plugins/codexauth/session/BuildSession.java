package io.jenkins.plugins.codexauth.session;

import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.session.LoginRefresh;
import io.github.codexauth.session.RefreshOutcome;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import io.jenkins.plugins.codexauth.agent.LoginSink;
import io.jenkins.plugins.codexauth.agent.SessionAgents;
import io.jenkins.plugins.codexauth.agent.SessionComplaints;
import io.jenkins.plugins.codexauth.agent.SessionSecrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One open session of a build.
 *
 * <ol>
 *   <li>{@link #makeHome} makes the home, and {@link #refreshEarly} lets Codex refresh what would not last for the
 *       block.
 *   <li>The agent sends each new state of the login ({@link LoginSink}); it is stored at once, and its tokens are
 *       hidden from then on.
 *   <li>When the agent or the controller was away, {@link #watchAgain} takes up the watch, and the agent sends what it
 *       has.
 *   <li>{@link #end} collects the home, stores the last state, wipes the home and gives the lease back. If the agent
 *       cannot be reached, the home is collected when it is back.
 * </ol>
 *
 * <p>Safe for use by several threads.
 */
final class BuildSession {
    private static final Logger LOGGER = Logger.getLogger(BuildSession.class.getName());

    private static final Clock CLOCK = Clock.systemUTC();
    private static final String AWAY = "cannot be reached";

    private final SessionFiles files;
    private final TaskListener log;
    private final @Nullable LoanedLogin login;
    private final @Nullable Lease lease;
    private SessionRecord record;
    private boolean ended;

    /** @param login and its lease are null where there is no login to keep */
    BuildSession(
            SessionRecord record,
            @Nullable LoanedLogin login,
            @Nullable Lease lease,
            SessionFiles files,
            TaskListener log) {
        this.record = record;
        this.login = login;
        this.lease = lease;
        this.files = files;
        this.log = log;
    }

    /** What came of a session. */
    record Outcome(boolean refreshed, Optional<Envelope> stored, boolean safe) {}

    synchronized SessionRecord record() {
        return record;
    }

    Optional<Envelope> stored() {
        return login == null ? Optional.empty() : Optional.of(login.current());
    }

    /**
     * The home that is being made, and the variables that the build gets. Written down before anything is on the agent.
     */
    private synchronized void signedIn(String home, Map<String, String> variables) throws IOException {
        record = record.signedIn(home, variables);
        remember();
    }

    /** Writes everything down that a restart has to know. */
    private synchronized void remember() throws IOException {
        record = record.withSecrets(SessionSecrets.of(record.session()).revealed());
        files.write(record);
    }

    /**
     * Only what was hidden since is new; so a refresh is stored first, and without it the stored login's tokens are
     * hidden anyway.
     */
    private synchronized void rememberSecrets() {
        if (ended || SessionSecrets.of(record.session()).revealed().equals(record.secrets())) {
            return;
        }
        try {
            remember();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "after a restart, some tokens of " + record + " are not hidden");
        }
    }

    /** What the agent calls. An agent that was told to stop, or was never meant, changes nothing. */
    private LoginSink sink() {
        return authJson -> {
            if (authJson == null || authJson.length > AuthJson.LONGEST || login == null || isOver()) {
                return List.of();
            }
            login.offer(Optional.of(authJson));
            rememberSecrets();
            return SessionSecrets.of(record().session()).revealed();
        };
    }

    private synchronized boolean isOver() {
        return ended;
    }

    /**
     * Makes the home on the agent, and watches it. From then on only {@link #end} may end the session.
     *
     * @param config the user's config.toml; null for none
     * @param variables what the build gets, given the home
     */
    void makeHome(VirtualChannel channel, @Nullable String config, Function<String, Map<String, String>> variables)
            throws SignInFailedException, IOException, InterruptedException {
        SessionRecord now = record();
        SessionAgents.put(now.session(), channel);
        signedIn(now.home(), variables.apply(now.home()));
        AgentHome home = new AgentHome(channel, now.session(), now.home(), now.path());
        String real = home.make(
                login == null ? null : login.auth().bytes(),
                config == null ? null : config.getBytes(StandardCharsets.UTF_8),
                files.names(),
                login == null ? null : sink());
        if (!real.equals(now.home())) {
            signedIn(real, variables.apply(real));
        }
    }

    /**
     * Lets Codex refresh the login before the block if its access token would not last for it. Says in the log what
     * came of it.
     *
     * @param budget how long the block may take
     * @throws LoginNeededException if OpenAI will not refresh it again, even if its access token has not ended yet
     * @throws NotRefreshedException if the block could not sign in
     * @throws SignInFailedException if the agent went away
     */
    void refreshEarly(Duration budget) throws CodexAuthException, InterruptedException {
        if (login == null || lease == null || !LoginRefresh.endsWithin(login, CLOCK, budget)) {
            return;
        }
        String agent = BuildOnAgent.nameOf(record().node());
        try {
            AgentCodex codex = new AgentCodex(AgentHome.of(record()).orElseThrow(() -> wentAway(agent)), login);
            RefreshOutcome outcome = new LoginRefresh(login, CLOCK, codex).early(budget);
            rememberSecrets();
            if (codex.missing().isPresent()) {
                BuildLog.say(log, "no early refresh: " + codex.missing().get());
            } else if (outcome instanceof RefreshOutcome.Dead dead) {
                throw new LoginNeededException(lease.id(), dead.needs());
            } else if (outcome instanceof RefreshOutcome.Failed failed && !failed.usable()) {
                throw new NotRefreshedException(lease.id(), agent, failed.why());
            } else if (outcome instanceof RefreshOutcome.Failed failed) {
                BuildLog.warn(
                        log,
                        "Codex could not refresh the login early ("
                                + failed.why().reason()
                                + "); its access token ends "
                                + failed.expiresAt().truncatedTo(ChronoUnit.SECONDS));
            }
        } catch (RuntimeException e) {
            if (BrokenChannel.isCauseOf(e)) {
                throw wentAway(agent);
            }
            throw e;
        }
    }

    private static SignInFailedException wentAway(String agent) {
        return new SignInFailedException(
                agent + " went away before the block could start", "build again when it is back");
    }

    /** Its build or its account has another name. */
    synchronized void moved(UnaryOperator<SessionRecord> change) {
        SessionRecord moved = change.apply(record);
        if (ended || moved.equals(record)) {
            return;
        }
        record = moved;
        try {
            remember();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "after a restart, nobody knows that " + record + " is at work");
        }
    }

    /** Takes up the watch again, if the agent is there. */
    void watchAgain() {
        SessionRecord now = record();
        Optional<AgentHome> home = AgentHome.of(now);
        if (home.isEmpty() || isOver()) {
            return;
        }
        SessionAgents.put(now.session(), home.get().channel());
        if (!now.isManaged()) {
            return;
        }
        try {
            if (!home.get().watch(sink())) {
                BuildLog.warn(
                        log,
                        "the CODEX_HOME of this build is gone from " + BuildOnAgent.nameOf(now.node())
                                + "; the last saved login stays as it is");
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "no watch for " + now + " until its agent is back");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Its build is over without having ended it. From now on it changes nothing, and its home is somebody else's to
     * collect.
     */
    void abandon() {
        synchronized (this) {
            ended = true;
        }
        SessionAgents.remove(record().session());
    }

    /** Ends the session, and answers where the login is. Never throws, and never fails a build. */
    Outcome end() {
        synchronized (this) {
            if (ended) {
                return new Outcome(false, stored(), true);
            }
        }
        // Whoever aborts a build does not want its login to be lost: an interrupt waits until it is stored.
        boolean interrupted = Thread.interrupted();
        boolean safe;
        try {
            safe = collect();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(
                    BrokenChannel.isCauseOf(e) ? Level.FINE : Level.WARNING,
                    e,
                    () -> "cannot collect the home of " + record());
            safe = leaveBehind(
                    BrokenChannel.isCauseOf(e)
                            ? AWAY
                            : "could not be asked for it (" + e.getClass().getSimpleName() + ", see Jenkins' log)");
        } catch (InterruptedException again) {
            interrupted = true;
            safe = leaveBehind("was not waited for, since the build was interrupted once more");
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            ended = true;
        }
        SessionAgents.remove(record().session());
        SessionSecrets.forget(record().session());
        SessionComplaints.take(record().session());
        if (lease != null) {
            lease.close();
        }
        return new Outcome(login != null && login.refreshed(), stored(), safe);
    }

    private boolean collect() throws IOException, InterruptedException {
        SessionRecord now = record();
        Optional<AgentHome> home = AgentHome.of(now);
        if (home.isEmpty()) {
            return leaveBehind(AWAY);
        }
        boolean safe;
        if (login == null || lease == null) {
            HomeEnd.report(log, home.get().collectKnowing(null).left());
            safe = true;
        } else {
            safe = new HomeEnd(home.get(), login, lease.id(), files.names(), log)
                    .of(home.get().collect(login));
        }
        if (safe) {
            files.delete(now.session());
        } else {
            rememberAsLeft();
        }
        return safe;
    }

    /** @param why the end of a sentence about the agent */
    private boolean leaveBehind(String why) {
        SessionRecord now = record();
        if (login == null) {
            BuildLog.warn(
                    log,
                    BuildOnAgent.nameOf(now.node()) + " " + why
                            + "; its CODEX_HOME is removed by the next build there");
            files.delete(now.session());
            return true;
        }
        Envelope stored = login.current();
        BuildLog.warn(
                log,
                BuildOnAgent.nameOf(now.node()) + " " + why + ". The stored login is " + BuildLog.describe(stored)
                        + ", saved " + stored.savedAt().truncatedTo(ChronoUnit.SECONDS)
                        + ". If Codex refreshed it after that, only the agent has the newest login: it is saved by itself when the"
                        + " agent is back, and lost if the agent never comes back");
        rememberAsLeft();
        return false;
    }

    private synchronized void rememberAsLeft() {
        try {
            record = record.leftBehind();
            remember();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot write down that " + record + " was left behind");
        }
    }
}
