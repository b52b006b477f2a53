package io.jenkins.plugins.codexauth.session;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Computer;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.ItemListener;
import hudson.model.listeners.RunListener;
import hudson.slaves.ComputerListener;
import hudson.util.LogTaskListener;
import io.github.codexauth.CodexAuth;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.handover.LeaseSource;
import io.github.codexauth.handover.Placeholder;
import io.github.codexauth.login.LoanStart;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.login.LoginSettings;
import io.github.codexauth.login.Seed;
import io.github.codexauth.login.SessionId;
import io.github.codexauth.login.Upkeep;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.trust.TrustDecision;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.account.LoginPlace;
import io.jenkins.plugins.codexauth.account.SeedClaims;
import io.jenkins.plugins.codexauth.agent.SessionSecrets;
import io.jenkins.plugins.codexauth.lease.BuildOwners;
import io.jenkins.plugins.codexauth.lease.ControllerStores;
import io.jenkins.plugins.codexauth.lease.JenkinsCredentialStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The open sessions of this controller's builds. Those that were left are {@link LeftHomes}'.
 *
 * <p>Safe for use by several threads.
 */
@Extension
public final class BuildSessions {
    private static final Logger LOGGER = Logger.getLogger(BuildSessions.class.getName());

    private final Map<String, BuildSession> open = new ConcurrentHashMap<>();

    /** Those of which there may be a file still, though they are nobody's to take up. */
    private final Set<String> ending = ConcurrentHashMap.newKeySet();

    private final LoginKeeping keeping = new LoginKeeping();

    public static BuildSessions get() {
        return ExtensionList.lookupSingleton(BuildSessions.class);
    }

    /**
     * Signs a build in with a credential that is no file.
     *
     * @param session a new name for the session
     * @param config the user's config.toml; null for none
     * @throws SignInFailedException if the agent cannot make a home
     */
    public SignedIn open(String session, BuildOnAgent site, CodexAuth auth, @Nullable String config)
            throws CodexAuthException, IOException, InterruptedException {
        SessionSecrets.of(session).add(auth.secrets());
        boolean opened = false;
        try {
            SessionRecord record = record(session, site, auth, null, null);
            BuildSession opening = BuildSession.withKey(record, files(), site.log());
            makeHome(opening, site, auth, config);
            opened = true;
            return signedIn(opening, site);
        } finally {
            if (!opened) {
                files().delete(session);
                SessionSecrets.forget(session);
            }
        }
    }

    /**
     * Signs a build in with a login, whose turn in the queue has come. The lease is the session's from now on: it is
     * given back when this fails. A login whose access token would not last for the block is refreshed first, and
     * stored, before this answers.
     *
     * @param session the name of the turn
     * @param proof that the build may have the login
     * @param loan how the block wants it
     * @param wait for whoever has it in a fleet's store
     * @throws io.github.codexauth.login.LoginNeededException if the login is dead
     * @throws NotRefreshedException if its access token has ended, and something keeps Codex from refreshing it
     * @throws SignInFailedException if the agent cannot make a home, or went away
     */
    public SignedIn open(
            String session,
            BuildOnAgent site,
            CodexAccount account,
            TrustDecision.Trusted proof,
            Loan loan,
            FleetWait wait)
            throws CodexAuthException, IOException, InterruptedException {
        BuildSession opening = openHome(session, site, account, proof, loan, wait);
        boolean ready = false;
        try {
            opening.refreshEarly(loan.budget());
            Set<String> competing = site.credentialsOfAgent();
            opening.makeHomeWithoutLogin(
                    site.workspace().getChannel(), loan.config(), home -> variables(managed(account), home, competing));
            if (loan.shared()) {
                account.store().leave(account.id(), session);
            }
            ready = true;
            return signedIn(opening, site);
        } finally {
            if (!ready) {
                end(session, site.log());
            }
        }
    }

    private BuildSession openHome(
            String session,
            BuildOnAgent site,
            CodexAccount account,
            TrustDecision.Trusted proof,
            Loan loan,
            FleetWait wait)
            throws CodexAuthException, IOException, InterruptedException {
        Lease turn = account.store().lease(account.id(), session);
        Lease lease = turn;
        boolean nothingOnAgent = false;
        boolean opened = false;
        try {
            SessionRecord asked = record(session, site, managed(account), account, access(loan));
            LoginPlace place = account.logins();
            if (place.isElsewhere()) {
                requireAccess(account, loan);
                lease = wait.take(place, asked, site.log());
            }
            LeftHomes.get().collectBefore(session, account.place(), place, lease, site.log());
            nothingOnAgent = true;
            if (!loan.keepsLogin()) {
                requireNoneCutOff(asked, account);
            }
            LoginSettings settings = keeping.settings(asked, place, site.log());
            LoanedLogin login = LoanedLogin.open(
                    wait.verdict(proof),
                    place.store(),
                    lease,
                    new SessionId(session),
                    seed(account, place, lease, settings),
                    settings);
            BuildSession opening = begun(asked.startingFrom(login.start()), login, turn, lease, site.log());
            makeHome(opening, site, managed(account), loan.config());
            opened = true;
            return opening;
        } finally {
            if (!opened) {
                lease.close();
                turn.close();
                SessionSecrets.forget(session);
                if (nothingOnAgent) {
                    files().delete(session);
                }
            }
        }
    }

    /** A block that has the whole login refreshes it whenever its Codex thinks fit. */
    private static void requireNoneCutOff(SessionRecord asked, CodexAccount account) throws SignInFailedException {
        Optional<String> agent = LeftHomes.cutOffElsewhere(asked, files());
        if (agent.isPresent()) {
            throw LeftHomes.cutOff(account.id(), agent.get());
        }
    }

    private static void requireAccess(CodexAccount account, Loan loan) throws SignInFailedException {
        if (!loan.keepsLogin()) {
            throw new SignInFailedException(
                    "credential '" + account.id() + "' is kept in a store on a server, and others use it meanwhile",
                    "leave give: 'all' out: blocks get access alone to such a login");
        }
    }

    /**
     * @param turn of its build, on this controller
     * @param lease of the login, which is the turn unless the login is elsewhere
     */
    private BuildSession begun(SessionRecord record, LoanedLogin login, Lease turn, Lease lease, TaskListener log) {
        if (record.access() == null) {
            return BuildSession.withLogin(record, login, turn, files(), log);
        }
        LiveRecord live = new LiveRecord(files(), record);
        if (record.isShared() || lease != turn) {
            return withAccess(
                    live,
                    new LoansByTurn(login, live, keeping, log),
                    LeaseSource.turns(lease, new LeasesByTurn(live)),
                    log,
                    () -> {
                        lease.close();
                        turn.close();
                    });
        }
        return withAccess(live, Loans.holding(login), LeaseSource.holding(turn), log, turn::close);
    }

    private static BuildSession withAccess(
            LiveRecord live, Loans loans, LeaseSource leases, TaskListener log, Runnable release) {
        SessionRecord record = live.now();
        Access access = Objects.requireNonNull(record.access());
        AgentTurns turns = new AgentTurns(live, loans, files(), log);
        return BuildSession.withAccess(
                live,
                new LoginOnController(record.session(), access.placeholder(), turns, leases),
                release,
                files(),
                log);
    }

    /**
     * Takes up a session after the controller's restart, unless that was done already. False if nothing is known of it,
     * or it has ended.
     */
    public boolean resume(String session, TaskListener log) {
        return open.computeIfAbsent(session, name -> readBack(name, log)) != null
                || written(session).isPresent();
    }

    private Optional<SessionRecord> written(String session) {
        return ending.contains(session)
                ? Optional.empty()
                : files().read(session).filter(record -> !record.left());
    }

    private @Nullable BuildSession readBack(String session, TaskListener log) {
        Optional<SessionRecord> found = written(session);
        if (found.isEmpty()) {
            return null;
        }
        SessionRecord record = found.get();
        SessionSecrets.of(session).addRevealed(record.secrets());
        try {
            BuildSession resumed =
                    record.isManaged() ? resumeManaged(record, log) : BuildSession.withKey(record, files(), log);
            Computer.threadPoolForRemoting.execute(resumed::watchAgain);
            return resumed;
        } catch (CodexAuthException e) {
            BuildLog.fail(log, e.problem(), e.hint());
            return null;
        }
    }

    private BuildSession resumeManaged(SessionRecord record, TaskListener log) throws CodexAuthException {
        JenkinsCredentialStore store = LoginKeeping.store(record);
        CredentialId id = new CredentialId(String.valueOf(record.credential()));
        Lease turn = store.lease(id, record.session());
        LiveRecord live = new LiveRecord(files(), record);
        if (record.isShared() || record.access() != null && LoginKeeping.isElsewhere(record)) {
            return withAccess(
                    live, new LoansByTurn(null, live, keeping, log), new LeasesByTurn(live), log, turn::close);
        }
        LoanedLogin login = keeping.resume(record, LoginPlace.here(store, id), turn, List.of(), log);
        return record.access() == null
                ? BuildSession.withLogin(record, login, turn, files(), log)
                : withAccess(live, Loans.holding(login), LeaseSource.holding(turn), log, turn::close);
    }

    /** Ends a session. Does nothing for one that is not open. */
    public void end(String session, TaskListener log) {
        AtomicReference<BuildSession> taken = new AtomicReference<>();
        open.computeIfPresent(session, (name, found) -> {
            ending.add(name);
            taken.set(found);
            return null;
        });
        BuildSession closing = taken.get();
        if (closing == null) {
            return;
        }
        try {
            BuildSession.Outcome outcome = closing.end();
            if (!outcome.safe()) {
                BuildLog.say(log, "the login's state on the agent is kept for later");
            }
            BuildUses.ended(closing.record(), outcome.refreshed(), outcome.stored());
        } finally {
            ending.remove(session);
        }
    }

    /** How many refreshes of logins were stored since this process began. */
    public long refreshes() {
        return keeping.refreshes();
    }

    /** What an operator may do to the login of a lease. */
    public Upkeep upkeep(JenkinsCredentialStore store, CredentialId id, String writer) {
        return keeping.upkeep(store, id, writer, new LogTaskListener(LOGGER, Level.INFO));
    }

    /**
     * The variables of a session's build; none if it has ended. An empty value is for a competing one that the agent's
     * own process has, and removes it; whatever else competes the build must not be given.
     */
    public Map<String, String> variables(String session) {
        return recordOf(session).map(SessionRecord::variables).orElse(Map.of());
    }

    /**
     * The agent on which a session has an account's login, whatever the account was called when it began; the built-in
     * node's name is empty. Knows sessions that were open before a restart, too.
     */
    public Optional<String> nodeWith(String session, CodexAccount account) {
        return recordOf(session)
                .filter(record -> record.isOf(account.place(), account.id().value()))
                .map(SessionRecord::node);
    }

    /**
     * The builds that have a login at the same time as others, in order of their names.
     *
     * @param place the full name of the folder whose account it is; empty for Jenkins itself
     */
    public List<String> sharing(String place, String id) {
        return open.values().stream()
                .map(BuildSession::record)
                .filter(record -> record.isShared() && record.isOf(place, id))
                .map(record -> BuildOwners.describe(record.owner()))
                .distinct()
                .sorted()
                .toList();
    }

    /** The value of {@code NODE_NAME} on the agent on which a session is. Empty if there is no such session. */
    public Optional<String> nodeVariable(String session) {
        return recordOf(session).map(record -> BuildOnAgent.variable(record.node()));
    }

    private Optional<SessionRecord> recordOf(String session) {
        return Optional.ofNullable(open.get(session)).map(BuildSession::record).or(() -> files().read(session));
    }

    private void makeHome(BuildSession session, BuildOnAgent site, CodexAuth auth, @Nullable String config)
            throws SignInFailedException, IOException, InterruptedException {
        Set<String> competing = site.credentialsOfAgent();
        session.makeHome(site.workspace().getChannel(), config, home -> variables(auth, home, competing));
        open.put(session.record().session(), session);
    }

    private static SignedIn signedIn(BuildSession session, BuildOnAgent site) {
        SessionRecord record = session.record();
        if (BuildUses.began(site.build(), record, session.stored())) {
            site.neighbours().ifPresent(who -> BuildLog.warn(site.log(), who));
        }
        return new SignedIn(record.session(), record.node());
    }

    private static @Nullable Access access(Loan loan) {
        return loan.keepsLogin() ? new Access(Placeholder.random().stem().reveal(), loan.shared(), false) : null;
    }

    private static CodexAuth managed(CodexAccount account) {
        return new CodexAuth.Managed(List.of(account.id()));
    }

    /**
     * In a container an empty value is one, where on the agent it is none, and Codex takes an empty rule for a broken
     * one: so only where there is something to remove.
     */
    private static Map<String, String> variables(CodexAuth auth, String home, Set<String> competing) {
        Map<String, String> variables = new HashMap<>();
        competing.forEach(variable -> variables.put(variable, ""));
        variables.putAll(auth.variables());
        variables.put("CODEX_HOME", home);
        return variables;
    }

    private static SessionRecord record(
            String session, BuildOnAgent site, CodexAuth auth, @Nullable CodexAccount account, @Nullable Access access)
            throws IOException {
        return new SessionRecord(
                session,
                BuildOwners.of(site.build()),
                auth.mode().label(),
                account == null ? null : account.place(),
                account == null ? null : account.id().value(),
                site.nodeName(),
                site.homes().child(session).getRemote(),
                site.path(),
                LoanStart.UNKNOWN,
                false,
                access,
                List.of(),
                Map.of());
    }

    /**
     * The pasted login. One of another account than the stored one, that was never used here before, is a person's
     * decision and takes the stored one's place.
     */
    private static Optional<Seed> seed(CodexAccount account, LoginPlace place, Lease lease, LoginSettings settings)
            throws CodexAuthException {
        Optional<Seed> pasted = account.credential().seed();
        if (pasted.isEmpty()) {
            return pasted;
        }
        Seed seed = pasted.get();
        Optional<Envelope> stored = place.store().peek(account.id());
        requireOwn(account, seed, stored);
        if (stored.map(seed::fit).filter(Seed.Fit.FOREIGN::equals).isPresent()) {
            new Upkeep(settings.atRest(), settings.rescue(), settings.writer(), settings.clock(), settings.events())
                    .replace(lease, seed);
        }
        return pasted;
    }

    private static void requireOwn(CodexAccount account, Seed seed, Optional<Envelope> stored)
            throws CodexAuthException {
        Optional<String> other;
        try {
            other = SeedClaims.get().claim(account.fullName(), seed, stored);
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "whether another account has the login of '" + account.fullName() + "' cannot be found out: " + e,
                    "look at the disk of JENKINS_HOME: df -h " + ControllerStores.root());
        }
        if (other.isPresent()) {
            throw new SignInFailedException(
                    "credentials '" + account.fullName() + "' and '" + other.get()
                            + "' hold the same login, whose refresh token works once",
                    "log in once more with 'codex login' on your own machine and paste the new auth.json into '"
                            + account.fullName() + "'; or use '" + other.get() + "' in this job, too");
        }
    }

    private static SessionFiles files() {
        return SessionFiles.ofController();
    }

    /** An agent is there: sessions that are open on it are watched again, homes that were left on it are collected. */
    void agentIsBack(String node) {
        for (BuildSession session : open.values()) {
            if (session.record().node().equals(node)) {
                session.watchAgain();
            }
        }
        LeftHomes.get().agentIsBack(node);
    }

    /** A build is over. A session that it has not ended is nobody's any more: the build was killed hard. */
    void buildIsOver(String owner) {
        for (BuildSession session : open.values()) {
            SessionRecord record = session.record();
            if (record.owner().equals(owner) && open.remove(record.session(), session)) {
                session.abandon();
            }
        }
        LeftHomes.get().buildIsOver(owner);
    }

    /** Builds or accounts have other names. */
    void moved(UnaryOperator<SessionRecord> change) {
        open.values().forEach(session -> session.moved(change));
        LeftHomes.get().moved(change);
    }

    /** Hears when jobs and folders are moved or renamed, themselves or with a folder above them. */
    @Extension
    public static final class ItemsMove extends ItemListener {
        @Override
        public void onLocationChanged(Item item, String from, String to) {
            get().moved(item instanceof Job ? of -> of.jobMoved(from, to) : of -> of.placeMoved(from, to));
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

    /** Hears when builds are over, however they ended. */
    @Extension
    public static final class BuildsEnd extends RunListener<Run<?, ?>> {
        @Override
        public void onFinalized(Run<?, ?> build) {
            String owner = BuildOwners.of(build);
            Computer.threadPoolForRemoting.execute(() -> get().buildIsOver(owner));
        }
    }
}
