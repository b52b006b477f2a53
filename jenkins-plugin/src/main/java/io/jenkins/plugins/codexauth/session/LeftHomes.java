package io.jenkins.plugins.codexauth.session;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.TaskListener;
import hudson.util.LogTaskListener;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.jenkins.plugins.codexauth.account.LoginPlace;
import io.jenkins.plugins.codexauth.agent.CollectHome;
import io.jenkins.plugins.codexauth.agent.SessionSecrets;
import io.jenkins.plugins.codexauth.lease.BuildOwners;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * Homes with logins of which no build takes care any more: their agents were away when their sessions ended, or their
 * builds were killed. They are collected by the next build with that login, when their agents come back, and when the
 * killed build is over.
 *
 * <p>Safe for use by several threads.
 */
@Extension
public final class LeftHomes {
    private static final Logger LOGGER = Logger.getLogger(LeftHomes.class.getName());

    /** How long a late save waits for the builds that have the login meanwhile. */
    private static final Duration LATE_SAVE_WAITS = Duration.ofHours(12);

    private final LoginKeeping keeping = new LoginKeeping();

    public static LeftHomes get() {
        return ExtensionList.lookupSingleton(LeftHomes.class);
    }

    /** Those that lie on agents that cannot be reached now. */
    public List<LeftBehind> away() {
        List<LeftBehind> left = new ArrayList<>();
        for (SessionRecord record : files().all()) {
            if (record.mayHaveNewest()
                    && isLeft(record)
                    && AgentHome.channel(record.node()).isEmpty()) {
                left.add(new LeftBehind(
                        String.valueOf(record.place()),
                        String.valueOf(record.credential()),
                        BuildOnAgent.nameOf(record.node()),
                        BuildOwners.describe(record.owner())));
            }
        }
        return left;
    }

    /**
     * Saves what other builds left of a login, on agents that can be reached now, and what an attempt of the same
     * session left that a restart of the controller interrupted: Codex may have refreshed early there.
     *
     * @param session who is about to have the login
     * @throws SignInFailedException if that attempt's home cannot be stored yet; a new one must not take its place
     */
    void collectBefore(String session, String place, LoginPlace logins, Lease lease, TaskListener log)
            throws SignInFailedException {
        for (SessionRecord record : files().all()) {
            boolean ours = record.session().equals(session);
            if (record.isOf(place, lease.id().value()) && (ours || isLeft(record))) {
                collect(record, logins, lease, log);
                if (ours && files().read(session).isPresent()) {
                    throw new SignInFailedException(
                            "an attempt of this build to sign in was interrupted on "
                                    + BuildOnAgent.nameOf(record.node())
                                    + ", and what it left there could not be stored",
                            "build again; the next build with this login collects it");
                }
            }
        }
    }

    /**
     * What to call the agent on which another session's refresh of the same login was cut off, and which may come back
     * with what it has of it. A refresh token works once, so that nobody may try the stored one meanwhile.
     */
    static Optional<String> cutOffElsewhere(SessionRecord ours, SessionFiles files) {
        return files.all().stream()
                .filter(other -> !other.session().equals(ours.session())
                        && other.isOf(String.valueOf(ours.place()), String.valueOf(ours.credential()))
                        && other.isRefreshing()
                        && Jenkins.get().getComputer(other.node()) != null)
                .map(other -> BuildOnAgent.nameOf(other.node()))
                .findFirst();
    }

    /** What a build is told that needs a refresh while one is {@linkplain #cutOffElsewhere cut off}. */
    static SignInFailedException cutOff(CredentialId id, String agent) {
        return new SignInFailedException(
                "a refresh of credential '" + id + "' was cut off on " + agent
                        + ", which may have its newest login and has not given it back",
                "build again when " + agent + " is back; if it never comes back, delete it in Jenkins, and the stored"
                        + " login is used");
    }

    /** An agent is there: homes that were left on it are collected. */
    void agentIsBack(String node) {
        collectLate(record -> record.node().equals(node));
    }

    /** A build is over: what it has not ended by itself is collected, since it was killed. */
    void buildIsOver(String owner) {
        collectLate(record ->
                record.owner().equals(owner) && AgentHome.channel(record.node()).isPresent());
    }

    /** Builds or accounts have other names. */
    void moved(UnaryOperator<SessionRecord> change) {
        for (SessionRecord record : files().all()) {
            SessionRecord moved = change.apply(record);
            if (!moved.equals(record)) {
                try {
                    files().write(moved);
                } catch (IOException e) {
                    LOGGER.log(Level.WARNING, e, () -> "cannot write down the new name of " + record);
                }
            }
        }
    }

    private void collectLate(Predicate<SessionRecord> which) {
        for (SessionRecord record : files().all()) {
            if (which.test(record) && isLeft(record)) {
                collectLate(record);
            }
        }
    }

    private void collectLate(SessionRecord record) {
        TaskListener log = new LogTaskListener(LOGGER, Level.INFO);
        if (!record.isManaged()) {
            wipe(record);
            return;
        }
        try {
            LoginPlace logins = LoginKeeping.place(record);
            CredentialId id = new CredentialId(String.valueOf(record.credential()));
            Holder holder = new Holder(
                    "the late save of " + BuildOwners.describe(record.owner()),
                    Clock.systemUTC().instant());
            try (Lease lease = logins.store().acquire(id, holder, LATE_SAVE_WAITS, busy -> {})) {
                if (files().read(record.session()).isPresent()) {
                    collect(record, logins, lease, log);
                }
            }
        } catch (CodexAuthException e) {
            notYet(record, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A home with a key in it: nothing is to be saved. */
    private void wipe(SessionRecord record) {
        try {
            Optional<AgentHome> home = AgentHome.ofLogin(record);
            if (home.isPresent()) {
                home.get().collectKnowing(null);
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "the next build there removes the home of " + record);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        files().delete(record.session());
        SessionSecrets.forget(record.session());
    }

    private void collect(SessionRecord record, LoginPlace logins, Lease lease, TaskListener log) {
        Optional<AgentHome> home = AgentHome.ofLogin(record);
        if (home.isEmpty()) {
            tellWithoutAgent(record, log);
            return;
        }
        try {
            endBlock(record);
            CollectHome.Found found = home.get().collectKnowing(new byte[0]);
            if (found.exists()) {
                LoanedLogin login = keeping.resume(record, logins, lease, found.files(), log);
                if (!new HomeEnd(home.get(), login, lease.id(), files().names(), log).of(found)) {
                    return;
                }
            }
            files().delete(record.session());
        } catch (IOException | RuntimeException | CodexAuthException e) {
            // An agent that goes away again answers with a RequestAbortedException, which is unchecked.
            notYet(record, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            SessionSecrets.forget(record.session());
        }
    }

    /** The home of a block whose login stayed here is another one, with nothing in it to be saved. */
    private static void endBlock(SessionRecord record) throws IOException, InterruptedException {
        Optional<AgentHome> block = AgentHome.ofBlock(record);
        if (record.access() != null && block.isPresent()) {
            block.get().end();
        }
    }

    private void tellWithoutAgent(SessionRecord record, TaskListener log) {
        if (Jenkins.get().getComputer(record.node()) == null) {
            BuildLog.warn(
                    log,
                    BuildOnAgent.nameOf(record.node()) + ", on which " + BuildOwners.describe(record.owner())
                            + " had this login, is gone for good; if Codex refreshed it there after the last save, it has to be pasted anew");
            files().delete(record.session());
        } else {
            BuildLog.warn(
                    log,
                    BuildOnAgent.nameOf(record.node()) + " is not back yet, and may have a newer login of "
                            + BuildOwners.describe(record.owner()));
        }
    }

    private static void notYet(SessionRecord record, Exception e) {
        LOGGER.log(Level.WARNING, e, () -> "cannot collect the home of " + record + " yet");
    }

    /** Whether nobody works with a session any more: it ended without its home, or its build is over. */
    private static boolean isLeft(SessionRecord record) {
        return record.left() || !BuildOwners.get().isAlive(record.owner());
    }

    private static SessionFiles files() {
        return SessionFiles.ofController();
    }
}
