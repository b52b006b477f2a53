package io.jenkins.plugins.codexauth.session;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Computer;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import hudson.slaves.ComputerListener;
import hudson.util.LogTaskListener;
import io.github.codexauth.CodexAuth;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.login.LoanStart;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.login.LoginEvents;
import io.github.codexauth.login.LoginSettings;
import io.github.codexauth.login.RescueArea;
import io.github.codexauth.login.Seed;
import io.github.codexauth.login.SessionId;
import io.github.codexauth.login.Upkeep;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.trust.TrustDecision;
import io.jenkins.plugins.codexauth.account.Account;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.agent.CollectHome;
import io.jenkins.plugins.codexauth.agent.HomeOrder;
import io.jenkins.plugins.codexauth.agent.MakeHome;
import io.jenkins.plugins.codexauth.agent.SessionAgents;
import io.jenkins.plugins.codexauth.agent.SessionSecrets;
import io.jenkins.plugins.codexauth.agent.WipeHome;
import io.jenkins.plugins.codexauth.lease.BuildOwners;
import io.jenkins.plugins.codexauth.lease.ControllerDesk;
import io.jenkins.plugins.codexauth.lease.JenkinsCredentialStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of this controller's builds: those that are open, and those whose homes wait for their agents.
 *
 * <p>Safe for use by several threads.
 */
@Extension
public final class BuildSessions {
    private static final Logger LOGGER = Logger.getLogger(BuildSessions.class.getName());

    /** How long a late save waits for the builds that have the login meanwhile. */
    private static final Duration LATE_SAVE_WAITS = Duration.ofHours(12);

    private final Map<String, BuildSession> open = new ConcurrentHashMap<>();
    private final AtRest atRest = AtRest.by(new JenkinsSealer());

    public static BuildSessions get() {
        return ExtensionList.lookupSingleton(BuildSessions.class);
    }

    /**
     * Signs a build in with a credential that is no file.
     *
     * @param session a new name for the session
     * @param config the user's config.toml; null for none
     */
    public SignedIn open(String session, Site site, CodexAuth auth, @Nullable String config)
            throws CodexAuthException, IOException, InterruptedException {
        SessionSecrets.of(session).add(auth.secrets());
        boolean opened = false;
        try {
            SessionRecord record = record(session, site, auth.mode().label(), null, LoanStart.UNKNOWN);
            SignedIn signedIn =
                    make(new BuildSession(record, null, null, files(), site.log()), site, auth, null, config);
            opened = true;
            return signedIn;
        } finally {
            if (!opened) {
                files().delete(session);
                SessionSecrets.forget(session);
            }
        }
    }

    /**
     * Signs a build in with a login, whose turn in the queue has come. The lease is the session's from now on: it is given back when this
     * fails.
     *
     * @param session the name of the turn
     * @param proof that the build may have the login
     */
    public SignedIn open(
            String session, Site site, Account account, TrustDecision.Trusted proof, @Nullable String config)
            throws CodexAuthException, IOException, InterruptedException {
        CodexAuth auth = new CodexAuth.Managed(List.of(account.id()));
        Lease lease = account.store().lease(account.id(), session);
        boolean opened = false;
        try {
            LoginSettings settings = settings(account, session, Site.describe(site.build()), site.log());
            collectLeftBehind(account.place(), account.store(), lease, site.log());
            LoanedLogin login = LoanedLogin.open(
                    proof, account.store(), lease, new SessionId(session), seed(account, lease, settings), settings);
            SessionRecord record = record(session, site, auth.mode().label(), account, login.start());
            SignedIn signedIn = make(
                    new BuildSession(record, login, lease, files(), site.log()),
                    site,
                    auth,
                    login.auth().bytes(),
                    config);
            opened = true;
            return signedIn;
        } finally {
            if (!opened) {
                lease.close();
                files().delete(session);
                SessionSecrets.forget(session);
            }
        }
    }

    /** Takes up a session after the controller's restart. False if nothing is known of it. */
    public boolean resume(String session, TaskListener log) {
        Optional<SessionRecord> found = files().read(session);
        if (found.isEmpty()) {
            return false;
        }
        SessionRecord record = found.get();
        SessionSecrets.of(session).addRevealed(record.secrets());
        try {
            BuildSession resumed = record.isManaged()
                    ? resumeManaged(record, log)
                    : new BuildSession(record, null, null, files(), log);
            open.put(session, resumed);
            Computer.threadPoolForRemoting.execute(resumed::watchAgain);
        } catch (CodexAuthException e) {
            BuildLog.fail(log, e.problem(), e.hint());
        }
        return true;
    }

    private BuildSession resumeManaged(SessionRecord record, TaskListener log) throws CodexAuthException {
        JenkinsCredentialStore store = store(record);
        CredentialId id = new CredentialId(String.valueOf(record.credential()));
        Lease lease = store.lease(id, record.session());
        LoanedLogin login = LoanedLogin.resume(
                store,
                lease,
                new SessionId(record.session()),
                record.start(),
                List.of(),
                settings(store, id, record.session(), BuildOwners.describe(record.owner()), log));
        return new BuildSession(record, login, lease, files(), log);
    }

    /** Ends a session. Does nothing for one that is not open. */
    public void end(String session, TaskListener log) {
        BuildSession ending = open.remove(session);
        if (ending == null) {
            return;
        }
        BuildSession.Outcome outcome = ending.end();
        if (!outcome.safe()) {
            BuildLog.say(log, "the login's state on the agent is kept for later");
        }
        BuildUses.ended(ending.record(), outcome.refreshed(), outcome.stored());
    }

    /** What an operator may do to the login of a lease. */
    public Upkeep upkeep(JenkinsCredentialStore store, CredentialId id, String writer) {
        TaskListener log = new LogTaskListener(LOGGER, Level.INFO);
        return new Upkeep(atRest, rescue(store, id), writer, Clock.systemUTC(), new BuildLog(log, secrets -> {}));
    }

    /** Sessions that have ended, and whose homes lie on agents that cannot be reached. */
    public List<LeftBehind> leftBehind() {
        List<LeftBehind> left = new ArrayList<>();
        for (SessionRecord record : files().all()) {
            if (record.isManaged() && isLeft(record) && BuildSession.channel(record.node()) == null) {
                left.add(new LeftBehind(
                        String.valueOf(record.place()),
                        String.valueOf(record.credential()),
                        Site.nameOf(record.node()),
                        BuildOwners.describe(record.owner())));
            }
        }
        return left;
    }

    /** The variables of a session's build; none if it has ended. Empty values remove variables. */
    public Map<String, String> variables(String session) {
        BuildSession found = open.get(session);
        return found == null
                ? files().read(session).map(SessionRecord::variables).orElse(Map.of())
                : found.record().variables();
    }

    private SignedIn make(
            BuildSession session, Site site, CodexAuth auth, byte @Nullable [] authJson, @Nullable String config)
            throws CodexAuthException, IOException, InterruptedException {
        SessionRecord record = session.record();
        String name = record.session();
        VirtualChannel channel = site.workspace().getChannel();
        SessionAgents.put(name, channel);
        session.signedIn(record.home(), variables(auth, record.home()));
        HomeOrder order = new HomeOrder(
                name,
                site.homes().getRemote(),
                authJson,
                config == null ? null : config.getBytes(StandardCharsets.UTF_8),
                files().names(),
                SessionSecrets.of(name).revealed(),
                site.path());
        MakeHome.Made made = channel.call(
                new MakeHome(order, authJson == null ? null : BuildSession.exported(channel, session.sink())));
        String home = made.home();
        if (home == null) {
            throw new SignInFailedException(String.valueOf(made.problem()), String.valueOf(made.hint()));
        }
        if (!home.equals(record.home())) {
            // A symbolic link on the way: Codex is told the real path, which its sandbox compares.
            session.signedIn(home, variables(auth, home));
        }
        open.put(name, session);
        BuildUses.began(site.build(), session.record(), session.stored());
        return new SignedIn(name, record.node());
    }

    private static Map<String, String> variables(CodexAuth auth, String home) {
        Map<String, String> variables = new HashMap<>();
        CodexAuth.CREDENTIAL_VARIABLES.forEach(variable -> variables.put(variable, ""));
        variables.putAll(auth.variables());
        variables.put("CODEX_HOME", home);
        return variables;
    }

    private static SessionRecord record(
            String session, Site site, String mode, @Nullable Account account, LoanStart start) throws IOException {
        return new SessionRecord(
                session,
                BuildOwners.of(site.build()),
                mode,
                account == null ? null : account.place(),
                account == null ? null : account.id().value(),
                site.nodeName(),
                site.homes().child(session).getRemote(),
                start,
                false,
                List.of(),
                Map.of());
    }

    /**
     * The pasted login. One of another account than the stored one, that was never used here before, is a person's decision and takes the
     * stored one's place.
     */
    private static Optional<Seed> seed(Account account, Lease lease, LoginSettings settings) throws CodexAuthException {
        Seed seed = account.credential().seed();
        Optional<Envelope> stored = account.store().peek(account.id());
        if (stored.isPresent()
                && !stored.get().account().equals(seed.auth().account().fingerprint())
                && !stored.get().seeds().contains(seed.auth().refreshTokenFingerprint())) {
            new Upkeep(settings.atRest(), settings.rescue(), settings.writer(), settings.clock(), settings.events())
                    .replace(lease, seed);
        }
        return Optional.of(seed);
    }

    private LoginSettings settings(Account account, String session, String writer, TaskListener log) {
        return settings(account.store(), account.id(), session, writer, log);
    }

    private LoginSettings settings(
            JenkinsCredentialStore store, CredentialId id, String session, String writer, TaskListener log) {
        return new LoginSettings(
                rescue(store, id),
                atRest,
                writer,
                LoginSettings.USUAL_RETRIES,
                Clock.systemUTC(),
                events(session, log));
    }

    private static RescueArea rescue(JenkinsCredentialStore store, CredentialId id) {
        return new RescueArea(store.folder(id).resolve("rescue"));
    }

    private LoginEvents events(String session, TaskListener log) {
        return new BuildLog(log, secrets -> SessionSecrets.of(session).add(secrets));
    }

    private static JenkinsCredentialStore store(SessionRecord record) throws StoreUnavailableException {
        String place = String.valueOf(record.place());
        return Accounts.store(place)
                .orElseThrow(() -> new StoreUnavailableException(
                        "the folder '" + place + "' of credential '" + record.credential() + "' is gone",
                        "give the job a credential that exists"));
    }

    private SessionFiles files() {
        Path folder = ControllerDesk.root().resolve("sessions");
        return new SessionFiles(folder, new JenkinsSealer());
    }

    /** Saves what builds that have ended left on agents that can be reached now. The lease is held. */
    private void collectLeftBehind(String place, JenkinsCredentialStore store, Lease lease, TaskListener log) {
        for (SessionRecord record : files().all()) {
            if (record.isOf(place, lease.id().value()) && isLeft(record)) {
                collect(record, store, lease, log);
            }
        }
    }

    private void collect(SessionRecord record, JenkinsCredentialStore store, Lease lease, TaskListener log) {
        VirtualChannel channel = BuildSession.channel(record.node());
        if (channel == null) {
            forgetWithoutAgent(record, log);
            return;
        }
        try {
            CollectHome.Found found = channel.call(new CollectHome(record.session(), record.home(), new byte[0]));
            if (found.exists()) {
                LoanedLogin login = LoanedLogin.resume(
                        store,
                        lease,
                        new SessionId(record.session()),
                        record.start(),
                        found.files(),
                        settings(store, lease.id(), record.session(), BuildOwners.describe(record.owner()), log));
                if (!BuildSession.settle(login, found, log)) {
                    return;
                }
                channel.call(new WipeHome(record.session(), record.home()));
            }
            files().delete(record.session());
        } catch (IOException | RuntimeException | CodexAuthException e) {
            // An agent that goes away again answers with a RequestAbortedException, which is unchecked.
            LOGGER.log(Level.WARNING, e, () -> "cannot collect the home of " + record + " yet");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            SessionSecrets.forget(record.session());
        }
    }

    private void forgetWithoutAgent(SessionRecord record, TaskListener log) {
        if (Jenkins.get().getComputer(record.node()) == null) {
            BuildLog.warn(
                    log,
                    Site.nameOf(record.node()) + ", on which " + BuildOwners.describe(record.owner())
                            + " had this login, is gone for good; if Codex refreshed it there after the last save, it has to be pasted anew");
            files().delete(record.session());
        } else {
            BuildLog.warn(
                    log,
                    Site.nameOf(record.node()) + " is not back yet, and may have a newer login of "
                            + BuildOwners.describe(record.owner()));
        }
    }

    /** Whether nobody works with a session any more: its agent was away when it ended, or the controller was killed with its build. */
    private boolean isLeft(SessionRecord record) {
        return !open.containsKey(record.session()) && (record.left() || !new BuildOwners().isAlive(record.owner()));
    }

    /** An agent is there: sessions that are open on it are watched again, homes that were left on it are collected. */
    void agentIsBack(String node) {
        for (BuildSession session : open.values()) {
            if (session.record().node().equals(node)) {
                session.watchAgain();
            }
        }
        for (SessionRecord record : files().all()) {
            if (record.node().equals(node) && isLeft(record)) {
                collectLate(record);
            }
        }
    }

    private void collectLate(SessionRecord record) {
        TaskListener log = new LogTaskListener(LOGGER, Level.INFO);
        if (!record.isManaged()) {
            files().delete(record.session());
            return;
        }
        try {
            JenkinsCredentialStore store = store(record);
            CredentialId id = new CredentialId(String.valueOf(record.credential()));
            Holder holder = new Holder(
                    "the late save of " + BuildOwners.describe(record.owner()),
                    Clock.systemUTC().instant());
            try (Lease lease = store.acquire(id, holder, LATE_SAVE_WAITS, busy -> {})) {
                if (files().read(record.session()).isPresent()) {
                    collect(record, store, lease, log);
                }
            }
        } catch (CodexAuthException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot collect the home of " + record + " yet");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Hears when agents come back. */
    @Extension
    public static final class AgentsComeBack extends ComputerListener {
        @Override
        public void onOnline(Computer computer, TaskListener listener) {
            Computer.threadPoolForRemoting.execute(() -> get().agentIsBack(computer.getName()));
        }
    }
}
