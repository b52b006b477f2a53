package io.github.codexauth.session;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.codex.Diagnosis;
import io.github.codexauth.codex.TokenRefresher;
import io.github.codexauth.home.CodexHome;
import io.github.codexauth.home.CodexProcesses;
import io.github.codexauth.home.ConnectionAges;
import io.github.codexauth.home.HomeException;
import io.github.codexauth.home.HomeWatch;
import io.github.codexauth.home.Rollouts;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.login.LoginRecords;
import io.github.codexauth.login.NoSuchCredentialException;
import io.github.codexauth.login.Safety;
import io.github.codexauth.login.Seed;
import io.github.codexauth.login.SessionId;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.DetachableLease;
import io.github.codexauth.store.DetachableStore;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.InvalidEncryptionKeyException;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseGoneException;
import io.github.codexauth.store.LeaseState;
import io.github.codexauth.store.NotDetachableException;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.trust.TrustDecision;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A managed login on loan to one job, under an exclusive lease.
 *
 * <ol>
 *   <li>{@link #open} saves what a killed job left behind, seeds an empty store, proves that the store can be written,
 *       and restores the exact {@code auth.json} into a fresh home.
 *   <li>{@link #refreshEarly} lets Codex refresh now what would not last for the job.
 *   <li>{@link #watch} saves every new state when it appears.
 *   <li>{@link #finish} saves the last one, wipes the home and frees the lease, whatever happened.
 * </ol>
 *
 * <p>A stored login is replaced only by the next state of the same login, and only if nobody stored another one
 * meanwhile. Safe for use by several threads.
 */
public final class CodexSession {
    /**
     * With some to spare. Whoever refreshes after the lease has ended may use a refresh token that another job uses.
     */
    private static final Duration REFRESH_TAKES = Duration.ofSeconds(45);

    private static final Diagnosis NOT_SURELY_OURS = new Diagnosis.Hindered(
            Diagnosis.Hindrance.UNKNOWN, "the store has not confirmed of late that the login is ours");

    private final Lease lease;
    private final Workspace workspace;
    private final LoanedLogin login;
    private final SessionSettings settings;
    private final ConnectionAges connections = new ConnectionAges(System::nanoTime);
    private final CodexProcesses processes;

    private LeaseState leaseSeen = LeaseState.FOR_LIFE;
    private boolean ended;
    private Safety safety = Safety.STORED;
    private boolean loginGone;
    private Optional<RefreshOutcome> check = Optional.empty();

    private CodexSession(Lease lease, Workspace workspace, LoanedLogin login, SessionSettings settings) {
        this.lease = lease;
        this.workspace = workspace;
        this.login = login;
        this.settings = settings.whileOnLoan();
        this.processes = new CodexProcesses(workspace.home().folder(), connections);
    }

    /**
     * Opens a session. The lease is the session's from now on: it is closed when opening fails.
     *
     * @param proof that a trust policy allowed this job to have the credential
     * @param seed the login to start from if the store has none
     * @throws NoSuchCredentialException if the store has no login and there is no seed
     * @throws InvalidAuthJsonException if the seed belongs to another account than the stored login
     * @throws StoreException if the store cannot be read, or could not be written later
     * @throws InvalidEncryptionKeyException if the stored login cannot be decrypted
     * @throws HomeException if no home can be made in which Codex could keep a refreshed login
     */
    public static CodexSession open(
            TrustDecision.Trusted proof,
            CredentialStore store,
            Lease lease,
            Optional<Seed> seed,
            SessionSettings settings)
            throws CodexAuthException, InterruptedException {
        proof.require(lease.id());
        boolean opened = false;
        try {
            SessionId id = SessionId.random();
            LoanedLogin login = takeOut(proof, store, lease, id, seed, settings);
            CodexSession session = begin(lease, id, login, settings);
            opened = true;
            return session;
        } finally {
            if (!opened) {
                lease.close();
            }
        }
    }

    /** What every session begins with: what killed jobs left, the seed, and the proof that the store can be written. */
    static LoanedLogin takeOut(
            TrustDecision.Trusted proof,
            CredentialStore store,
            Lease lease,
            SessionId session,
            Optional<Seed> seed,
            SessionSettings settings)
            throws CodexAuthException, InterruptedException {
        new Recovery(lease, new LoginRecords(lease, session, settings.login()), settings).recover();
        return LoanedLogin.open(proof, store, lease, session, seed, settings.login());
    }

    /** A session with a login that is taken out of the store already. The lease stays the caller's if that fails. */
    static CodexSession begin(Lease lease, SessionId session, LoanedLogin login, SessionSettings settings)
            throws CodexAuthException {
        return new CodexSession(lease, restore(lease.id(), session, login, settings), login, settings);
    }

    /**
     * Takes up a session that {@link #leave left} its home to later steps of the job.
     *
     * @param home the {@code CODEX_HOME} of that session
     * @throws LeaseGoneException if somebody else may have the credential by now; a login that was refreshed meanwhile
     *     is then in the rescue area, and the home is wiped
     * @throws HomeException if the folder is not the home of such a session
     */
    public static CodexSession resume(DetachableStore store, CredentialId id, Path home, SessionSettings settings)
            throws CodexAuthException, InterruptedException {
        Workspace workspace = Workspace.ofHome(settings.homes(), id, home)
                .orElseThrow(() -> new HomeException(
                        home + " is not the home of a session with credential '" + id + "'",
                        "give persist the same --id, --store and CODEX_HOME that restore had"));
        settings.events().secrets(Recovery.secretsIn(workspace.home()));
        Lease lease;
        try {
            lease = store.resume(id, workspace.claim().orElseThrow(() -> Recovery.noClaim(id)));
        } catch (LeaseGoneException gone) {
            Recovery.salvage(workspace, id, "the lease that restore took is gone", settings);
            throw gone;
        }
        boolean resumed = false;
        try {
            LoanedLogin login = LoanedLogin.resume(
                    store,
                    lease,
                    workspace.session(),
                    workspace.start(),
                    workspace.home().candidates(),
                    settings.login());
            resumed = true;
            return new CodexSession(lease, workspace, login, settings);
        } finally {
            if (!resumed) {
                lease.close();
            }
        }
    }

    /** The home for the job's {@code CODEX_HOME}. */
    public CodexHome home() {
        return workspace.home();
    }

    /** What the store has, as far as this session knows. */
    public Envelope current() {
        return login.current();
    }

    /**
     * Lets Codex refresh the login now if its access token would end within the budget.
     *
     * @param budget how long the job may take
     */
    public RefreshOutcome refreshEarly(TokenRefresher refresher, Duration budget) throws InterruptedException {
        return refresh(refresher).early(budget);
    }

    /** Lets Codex refresh the login, however long its access token would last. */
    RefreshOutcome refreshNow(TokenRefresher refresher) throws InterruptedException {
        return refresh(refresher).now();
    }

    /** Whether the access token says that it ends within this time, or has ended. */
    public boolean endsWithin(Duration time) {
        return LoginRefresh.endsWithin(login, settings.login().clock(), time);
    }

    private LoginRefresh refresh(TokenRefresher refresher) {
        return new LoginRefresh(login, settings.login().clock(), force -> {
            if (!lease.confirm().lasts(REFRESH_TAKES)) {
                return NOT_SURELY_OURS;
            }
            Diagnosis diagnosis = refresher.refresh(home().folder(), force);
            sync();
            return diagnosis;
        });
    }

    /**
     * Saves the login if Codex has written a new state of it. Cheap if not. Problems are told to the events, and tried
     * again.
     */
    synchronized void sync() {
        if (!ended) {
            login.offer(home().readAuthJson());
        }
    }

    /**
     * Whether a Codex of the job may be refreshing the login right now, so that nobody should end it; see
     * {@link CodexProcesses#mayBeRefreshing}. Connections that {@link #watch} has seen for a minute do not count. Never
     * throws.
     */
    public boolean mayBeRefreshing() {
        return processes.mayBeRefreshing();
    }

    /**
     * Saves every new state of the login the moment it appears, and says what becomes of the lease, until the watch is
     * closed.
     */
    public HomeWatch watch() {
        return HomeWatch.start(home().folder(), "auth.json watch", () -> {
            sync();
            noticeLease();
            // What is new among the connections is known only if they are looked at now and then.
            connections.look();
            return true;
        });
    }

    private synchronized void noticeLease() {
        LeaseState now = lease.state();
        if (!ended && now.getClass() != leaseSeen.getClass()) {
            leaseSeen = now;
            settings.events().lease(now);
        }
    }

    /**
     * Leaves home and lease to later steps of the job, which end with {@link #resume} and {@link #finish}.
     *
     * @param time after which the credential becomes free in any case
     * @throws NotDetachableException if the store's leases end with their processes; the session goes on
     */
    public synchronized void leave(Duration time) throws CodexAuthException {
        if (!(lease instanceof DetachableLease detachable)) {
            throw new NotDetachableException("the store of credential '" + lease.id() + "'");
        }
        workspace.keep(detachable.detach(time));
        ended = true;
    }

    /** Saves the last state, wipes the home and frees the lease. The second call answers as the first. Never throws. */
    public SessionEnd finish() {
        return finish(Optional::empty, false);
    }

    /**
     * As the other. Where the job left no file of a login behind, as {@code codex logout} does, or the login is
     * doubted, Codex refreshes the stored one before, which tells whether it still lives: a login that is dead is noted
     * as such, any other comes out of it fresh. Never throws: whatever fails, the save is tried, the lease is freed,
     * and the home stays unless the login is safe elsewhere.
     *
     * @param codex lets Codex refresh, asked for only then; empty if there is no Codex or no time for it
     * @param doubted whether something made the caller believe that the login is dead
     */
    public synchronized SessionEnd finish(Supplier<Optional<TokenRefresher>> codex, boolean doubted) {
        // An interrupted thread cannot write files, so an interrupt waits until everything is safe.
        boolean interrupted = Thread.interrupted();
        if (!ended) {
            safety = Safety.LEFT_IN_HOME;
            try {
                interrupted |= endStrayProcesses();
                home().moveOut();
                Optional<Path> linked = home().linkedLogin();
                loginGone = home().candidates().isEmpty();
                Optional<Instant> limited = new Rollouts(home().folder())
                        .usageLimitUntil(settings.login().clock().instant());
                safety = lastSave();
                if (safety == Safety.STORED) {
                    linked.ifPresent(settings.events()::linkedAway);
                }
                limited.ifPresent(login::limited);
                if ((loginGone || doubted) && safety == Safety.STORED) {
                    interrupted |= check(codex);
                }
                if (safety != Safety.LEFT_IN_HOME) {
                    workspace.wipe().ifPresent(settings.events()::notWiped);
                }
            } catch (RuntimeException unexpected) {
                settings.events()
                        .saveFailed("unexpected: " + unexpected.getClass().getName());
            } finally {
                ended = true;
                freeLease();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return new SessionEnd(login.refreshed(), login.current(), safety, loginGone, check);
    }

    /**
     * Lets Codex find out in a fresh home, where nothing of the job can mislead it, and where the next session finds
     * the login should we be killed meanwhile.
     *
     * @return whether the thread was interrupted meanwhile
     */
    private boolean check(Supplier<Optional<TokenRefresher>> codex) {
        Optional<TokenRefresher> refresher = codex.get();
        if (refresher.isEmpty() || home().wipe().isPresent()) {
            return false;
        }
        try {
            makeHome(workspace, login, settings);
        } catch (CodexAuthException noHome) {
            settings.events().notNoted(noHome.problem());
            return false;
        }
        // From here on the newest login may be in the home alone.
        safety = Safety.LEFT_IN_HOME;
        try {
            check = Optional.of(refresh(refresher.get()).afterJob(loginGone));
            return false;
        } catch (InterruptedException later) {
            return true;
        } finally {
            safety = lastSave();
        }
    }

    private Safety lastSave() {
        Optional<Path> unreadable = home().unreadableLogin();
        if (unreadable.isPresent()) {
            settings.events().rejected(unreadable.get() + " belongs to another user and cannot be read");
            return Safety.LEFT_IN_HOME;
        }
        return login.settle(home().candidates());
    }

    /** @return whether the thread was interrupted meanwhile */
    private boolean endStrayProcesses() {
        try {
            int strays = processes.end(settings.patience(), settings.events()::awaitingRefresh);
            if (strays > 0) {
                settings.events().strayProcessesEnded(strays);
            }
            return false;
        } catch (InterruptedException later) {
            return true;
        } catch (RuntimeException | Error unexpected) {
            // Processes are looked at from outside, where anything can happen. The save comes next in any case.
            return false;
        }
    }

    private void freeLease() {
        try {
            lease.close();
        } catch (RuntimeException unexpected) {
            settings.events()
                    .saveFailed("the lease could not be given back: "
                            + unexpected.getClass().getName());
        }
    }

    private static Workspace restore(CredentialId id, SessionId session, LoanedLogin login, SessionSettings settings)
            throws CodexAuthException {
        Workspace workspace = Workspace.create(settings.homes(), id, session, login.start());
        boolean restored = false;
        try {
            makeHome(workspace, login, settings);
            restored = true;
            return workspace;
        } finally {
            if (!restored) {
                workspace.wipe();
            }
        }
    }

    private static void makeHome(Workspace workspace, LoanedLogin login, SessionSettings settings)
            throws CodexAuthException {
        CodexHome home = workspace.createHome();
        home.writeConfig(settings.homeConfig().forHome(home.folder()));
        home.restore(login.auth().bytes());
    }
}
