package io.jenkins.plugins.codexauth.session;

import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.handover.TokenAddress;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.session.LoginRefresh;
import io.github.codexauth.session.RefreshOutcome;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import io.jenkins.plugins.codexauth.agent.CollectHome;
import io.jenkins.plugins.codexauth.agent.LoginSink;
import io.jenkins.plugins.codexauth.agent.SessionAgents;
import io.jenkins.plugins.codexauth.agent.SessionComplaints;
import io.jenkins.plugins.codexauth.agent.SessionSecrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
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

    private final LiveRecord live;
    private final SessionFiles files;
    private final TaskListener log;
    private final Runnable release;

    /** Of a block that has the whole login. */
    private final @Nullable LoanedLogin login;

    /** Of a block that has access alone. */
    private final @Nullable LoginOnController kept;

    private BuildSession(
            LiveRecord live,
            @Nullable LoanedLogin login,
            @Nullable LoginOnController kept,
            Runnable release,
            SessionFiles files,
            TaskListener log) {
        this.live = live;
        this.login = login;
        this.kept = kept;
        this.release = release;
        this.files = files;
        this.log = log;
    }

    /** One that has no login to keep. */
    static BuildSession withKey(SessionRecord record, SessionFiles files, TaskListener log) {
        return new BuildSession(new LiveRecord(files, record), null, null, () -> {}, files, log);
    }

    /**
     * One whose block has the whole login.
     *
     * @param lease closed at the end
     */
    static BuildSession withLogin(
            SessionRecord record, LoanedLogin login, Lease lease, SessionFiles files, TaskListener log) {
        return new BuildSession(new LiveRecord(files, record), login, null, lease::close, files, log);
    }

    /**
     * One whose block has access alone.
     *
     * @param release gives back what it has, at the end
     */
    static BuildSession withAccess(
            LiveRecord live, LoginOnController kept, Runnable release, SessionFiles files, TaskListener log) {
        return new BuildSession(live, null, kept, release, files, log);
    }

    /** What came of a session. */
    record Outcome(boolean refreshed, Optional<Envelope> stored, boolean safe) {}

    SessionRecord record() {
        return live.now();
    }

    Optional<Envelope> stored() {
        if (kept != null) {
            return kept.stored();
        }
        return login == null ? Optional.empty() : Optional.of(login.current());
    }

    private boolean refreshed() {
        return kept != null ? kept.refreshed() : login != null && login.refreshed();
    }

    /**
     * The home that is being made, and the variables that the build gets. Written down before anything is on the agent.
     */
    private void signedIn(String home, Map<String, String> variables) throws IOException {
        live.change(record -> record.signedIn(home, variables));
    }

    /** What the agent calls. An agent that was told to stop, or was never meant, changes nothing. */
    private LoginSink sink() {
        return authJson -> {
            if (authJson == null || authJson.length > AuthJson.LONGEST || login == null || live.isOver()) {
                return List.of();
            }
            login.offer(Optional.of(authJson));
            live.addSecrets();
            return SessionSecrets.of(record().session()).revealed();
        };
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
        if (kept == null) {
            make(channel, config, login == null ? null : login.auth().bytes(), variables);
        }
    }

    private void make(
            VirtualChannel channel,
            @Nullable String config,
            byte @Nullable [] authJson,
            Function<String, Map<String, String>> variables)
            throws SignInFailedException, IOException, InterruptedException {
        SessionRecord now = record();
        AgentHome home = new AgentHome(channel, now.session(), now.home(), now.path());
        String real = home.make(
                authJson,
                config == null ? null : config.getBytes(StandardCharsets.UTF_8),
                files.names(),
                login == null ? null : sink());
        if (!real.equals(now.home())) {
            signedIn(real, variables.apply(real));
        }
    }

    /**
     * Makes the home of a block whose login stays here, which {@link #refreshEarly} has taken up. Does nothing for any
     * other.
     *
     * @throws SignInFailedException if it cannot be made, or Codex could not ask for access tokens there
     */
    void makeHomeWithoutLogin(
            VirtualChannel channel, @Nullable String config, Function<String, Map<String, String>> variables)
            throws SignInFailedException, IOException, InterruptedException {
        if (kept == null) {
            return;
        }
        make(channel, config, kept.file(), variables);
        serve(channel, kept);
        live.addSecrets();
    }

    /** @return whether the home is there */
    private boolean serve(VirtualChannel channel, LoginOnController source)
            throws SignInFailedException, IOException, InterruptedException {
        SessionRecord now = record();
        AgentHome home = new AgentHome(channel, now.session(), now.home(), now.path());
        Map<String, String> tokens;
        try {
            tokens = home.serve(
                    String.valueOf(Optional.ofNullable(now.access())
                            .map(Access::placeholder)
                            .orElse(null)),
                    now.variables().get(TokenAddress.VARIABLE),
                    source);
        } catch (IOException e) {
            if (BrokenChannel.isCauseOf(e)) {
                throw e;
            }
            throw new SignInFailedException(
                    BuildOnAgent.nameOf(now.node()) + " cannot listen on its loopback interface: " + e.getMessage(),
                    "look at what keeps it from that (ip addr show lo); or give the block the whole file:"
                            + " withCodexAuth(give: 'all', …)");
        }
        Map<String, String> all = new HashMap<>(now.variables());
        all.putAll(tokens);
        if (!all.equals(now.variables())) {
            signedIn(now.home(), all);
        }
        return !tokens.isEmpty();
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
        if (kept == null && (login == null || !LoginRefresh.endsWithin(login, CLOCK, budget))) {
            return;
        }
        String agent = BuildOnAgent.nameOf(record().node());
        try {
            RefreshOutcome outcome;
            Optional<String> missing;
            if (kept != null) {
                outcome = kept.open(budget);
                missing = kept.missing();
            } else {
                AgentCodex codex =
                        new AgentCodex(AgentHome.ofLogin(record()).orElseThrow(() -> wentAway(agent)), login);
                outcome = new LoginRefresh(login, CLOCK, codex).early(budget);
                missing = codex.missing();
            }
            live.addSecrets();
            tell(outcome, missing, id(), agent);
        } catch (RuntimeException e) {
            if (BrokenChannel.isCauseOf(e)) {
                throw wentAway(agent);
            }
            throw e;
        }
    }

    private void tell(RefreshOutcome outcome, Optional<String> missing, CredentialId id, String agent)
            throws CodexAuthException {
        if (outcome instanceof RefreshOutcome.Dead dead) {
            throw new LoginNeededException(id, dead.needs());
        }
        // A block that has the whole login may have a Codex of its own, in a container say.
        boolean needed = outcome instanceof RefreshOutcome.Failed failed && !failed.usable();
        if (needed && kept != null && missing.isPresent()) {
            throw new SignInFailedException(
                    "the access token of credential '" + id + "' has ended, and " + agent
                            + " has no Codex that could refresh it: " + missing.get(),
                    "put codex and setsid on the agent's PATH; or, where the block's Codex is in a container, give it the"
                            + " whole login: withCodexAuth(give: 'all', …)");
        }
        if (needed && missing.isEmpty()) {
            throw new NotRefreshedException(id, agent, ((RefreshOutcome.Failed) outcome).why());
        }
        if (missing.isPresent()) {
            BuildLog.say(log, "no early refresh: " + missing.get());
        } else if (outcome instanceof RefreshOutcome.Failed failed) {
            BuildLog.warn(
                    log,
                    "Codex could not refresh the login early ("
                            + failed.why().reason()
                            + "); its access token ends "
                            + failed.expiresAt().truncatedTo(ChronoUnit.SECONDS));
        }
    }

    private static SignInFailedException wentAway(String agent) {
        return new SignInFailedException(
                agent + " went away before the block could start", "build again when it is back");
    }

    private CredentialId id() {
        return new CredentialId(String.valueOf(record().credential()));
    }

    /** Its build or its account has another name. */
    void moved(UnaryOperator<SessionRecord> change) {
        live.moved(change);
    }

    /** Takes up the watch again, if the agent is there. */
    void watchAgain() {
        SessionRecord now = record();
        Optional<AgentHome> home = AgentHome.ofBlock(now);
        if (home.isEmpty() || live.isOver()) {
            return;
        }
        SessionAgents.put(now.session(), home.get().channel());
        if (!now.isManaged()) {
            return;
        }
        try {
            if (!takeUpAgain(home.get())) {
                BuildLog.warn(
                        log,
                        "the CODEX_HOME of this build is gone from " + BuildOnAgent.nameOf(now.node())
                                + "; the last saved login stays as it is");
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "no watch for " + now + " until its agent is back");
        } catch (CodexAuthException e) {
            BuildLog.warn(log, "the block's Codex gets no new access token: " + e.problem());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether the home is still there */
    private boolean takeUpAgain(AgentHome home) throws CodexAuthException, IOException, InterruptedException {
        if (kept == null) {
            return home.watch(sink());
        }
        boolean served = serve(home.channel(), kept);
        kept.collect();
        if (served) {
            BuildLog.say(log, "the block's Codex may ask for access tokens again");
        }
        return served;
    }

    /**
     * Its build is over without having ended it. From now on it changes nothing, and its home is somebody else's to
     * collect.
     */
    void abandon() {
        live.end();
        if (kept != null) {
            kept.refuse();
        }
        SessionAgents.remove(record().session());
    }

    /** Ends the session, and answers where the login is. Never throws, and never fails a build. */
    Outcome end() {
        if (live.isOver()) {
            return new Outcome(false, stored(), true);
        }
        // Whoever aborts a build does not want its login to be lost: an interrupt waits until it is stored.
        boolean interrupted = Thread.interrupted();
        boolean safe;
        try {
            safe = collect();
        } catch (CodexAuthException e) {
            safe = leaveBehind("was not asked for it (" + e.problem() + ")");
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
        live.end();
        SessionAgents.remove(record().session());
        SessionSecrets.forget(record().session());
        SessionComplaints.take(record().session());
        release.run();
        return new Outcome(refreshed(), stored(), safe);
    }

    private boolean collect() throws CodexAuthException, IOException, InterruptedException {
        SessionRecord now = record();
        Optional<AgentHome> home = AgentHome.ofLogin(now);
        Optional<AgentHome> block = AgentHome.ofBlock(now);
        if (home.isEmpty() || block.isEmpty()) {
            return leaveBehind(AWAY);
        }
        boolean safe;
        if (kept != null) {
            CollectHome.Found ended = block.get().end();
            HomeEnd.report(log, ended.left());
            SessionComplaints.Heard heard =
                    SessionComplaints.take(now.session()).or(ended.heard());
            if (heard.addressNotReached() && !kept.wasAsked()) {
                warnOfAddress(now.node());
            }
            safe = kept.end();
        } else if (login == null) {
            HomeEnd.report(log, home.get().collectKnowing(null).left());
            safe = true;
        } else {
            safe = new HomeEnd(home.get(), login, id(), files.names(), log)
                    .of(home.get().collect(login));
        }
        if (safe) {
            files.delete(now.session());
        } else {
            rememberAsLeft();
        }
        return safe;
    }

    private void warnOfAddress(String node) {
        BuildLog.warn(
                log,
                "the block's Codex needed another access token, and did not reach 127.0.0.1 of "
                        + BuildOnAgent.nameOf(node)
                        + " to ask for it. In a container with a network of its own it cannot: add --network host to"
                        + " the container's arguments; or a timeLimit to withCodexAuth, for which the token then lasts;"
                        + " or give: 'all'");
    }

    /** @param why the end of a sentence about the agent */
    private boolean leaveBehind(String why) {
        SessionRecord now = record();
        if (login == null && (kept == null || !kept.mayBeOnAgent())) {
            BuildLog.warn(
                    log,
                    BuildOnAgent.nameOf(now.node()) + " " + why
                            + "; its CODEX_HOME is removed by the next build there");
            files.delete(now.session());
            return true;
        }
        String known = stored().map(stored -> " The stored login is " + BuildLog.describe(stored) + ", saved "
                        + stored.savedAt().truncatedTo(ChronoUnit.SECONDS) + ".")
                .orElse("");
        BuildLog.warn(
                log,
                BuildOnAgent.nameOf(now.node()) + " " + why + "." + known
                        + " If Codex refreshed it after that, only the agent has the newest login: it is saved by itself when the"
                        + " agent is back, and lost if the agent never comes back");
        rememberAsLeft();
        return false;
    }

    private void rememberAsLeft() {
        live.changeIfPossible(SessionRecord::leftBehind, "that it was left behind");
    }
}
