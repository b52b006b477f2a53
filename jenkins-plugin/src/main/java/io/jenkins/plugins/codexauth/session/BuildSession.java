package io.jenkins.plugins.codexauth.session;

import hudson.model.Computer;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import io.github.codexauth.AuthJson;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.login.Safety;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import io.jenkins.plugins.codexauth.agent.CollectHome;
import io.jenkins.plugins.codexauth.agent.LoginSink;
import io.jenkins.plugins.codexauth.agent.SessionAgents;
import io.jenkins.plugins.codexauth.agent.SessionSecrets;
import io.jenkins.plugins.codexauth.agent.WatchHome;
import io.jenkins.plugins.codexauth.agent.WipeHome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jspecify.annotations.Nullable;

/**
 * One open session of a build.
 *
 * <ol>
 *   <li>The agent sends each new state of the login ({@link LoginSink}); it is stored at once, and its tokens are hidden from then on.
 *   <li>When the agent or the controller was away, {@link #watchAgain} takes up the watch, and the agent sends what it has.
 *   <li>{@link #end} collects the home, stores the last state, wipes the home and gives the lease back. If the agent cannot be reached,
 *       the home is collected when it is back.
 * </ol>
 *
 * <p>Safe for use by several threads.
 */
final class BuildSession {
    private static final Logger LOGGER = Logger.getLogger(BuildSession.class.getName());

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

    /** The home that is being made, and the variables that the build gets. Written down before anything is on the agent. */
    synchronized void signedIn(String home, Map<String, String> variables) throws IOException {
        record = record.signedIn(home, variables);
        remember();
    }

    /** Writes everything down that a restart has to know. */
    private synchronized void remember() throws IOException {
        record = record.withSecrets(SessionSecrets.of(record.session()).revealed());
        files.write(record);
    }

    /** Only what was hidden since is new; so a refresh is stored first, and without it the stored login's tokens are hidden anyway. */
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
    LoginSink sink() {
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

    /** Takes up the watch again, if the agent is there. */
    void watchAgain() {
        SessionRecord now = record();
        VirtualChannel channel = channel(now.node());
        if (channel == null || isOver()) {
            return;
        }
        SessionAgents.put(now.session(), channel);
        if (!now.isManaged()) {
            return;
        }
        try {
            boolean there = channel.call(new WatchHome(
                    now.session(), now.home(), SessionSecrets.of(now.session()).revealed(), exported(channel, sink())));
            if (!there) {
                BuildLog.warn(
                        log,
                        "the CODEX_HOME of this build is gone from " + Site.nameOf(now.node())
                                + "; the last saved login stays as it is");
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "no watch for " + now + " until its agent is back");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
        if (lease != null) {
            lease.close();
        }
        return new Outcome(login != null && login.refreshed(), stored(), safe);
    }

    private boolean collect() throws IOException, InterruptedException {
        SessionRecord now = record();
        VirtualChannel channel = channel(now.node());
        if (channel == null) {
            return leaveBehind(AWAY);
        }
        byte[] known = login == null || login.isSaveDue() ? null : login.auth().bytes();
        CollectHome.Found found = channel.call(
                new CollectHome(now.session(), now.home(), login != null && known == null ? new byte[0] : known));
        boolean safe = login == null || settle(login, found, log);
        if (safe && !found.wiped()) {
            report(channel.call(new WipeHome(now.session(), now.home())));
        } else {
            report(found.left());
        }
        if (safe) {
            files.delete(now.session());
        } else {
            rememberAsLeft();
        }
        return safe;
    }

    /** Stores what a home held. Answers whether the home may go. */
    static boolean settle(LoanedLogin login, CollectHome.Found found, TaskListener log) {
        BuildLog events = new BuildLog(log, secrets -> {});
        if (found.strays() > 0) {
            events.strayProcessesEnded(found.strays());
        }
        if (found.linked() != null) {
            events.linkedAway(Path.of(found.linked()));
        }
        if (found.exists() && found.files().isEmpty() && found.unreadable() == null) {
            BuildLog.warn(
                    log,
                    "the build has removed its auth.json; if that was 'codex logout', the login is revoked, and the next build"
                            + " that uses it cannot sign in until a new one is pasted");
        }
        if (found.unreadable() != null) {
            BuildLog.warn(
                    log,
                    found.unreadable() + " belongs to another user of the agent and cannot be read, so it stays"
                            + " there; run Codex as the agent's own user");
            return false;
        }
        return found.wiped() || login.settle(found.files()) != Safety.LEFT_IN_HOME;
    }

    private void report(@Nullable String left) {
        if (left != null) {
            BuildLog.warn(log, "could not remove " + left + "; the next build there tries again");
        }
    }

    /** @param why the end of a sentence about the agent */
    private boolean leaveBehind(String why) {
        SessionRecord now = record();
        if (login == null) {
            BuildLog.warn(
                    log, Site.nameOf(now.node()) + " " + why + "; its CODEX_HOME is removed by the next build there");
            files.delete(now.session());
            return true;
        }
        Envelope stored = login.current();
        BuildLog.warn(
                log,
                Site.nameOf(now.node()) + " " + why + ". The stored login is " + BuildLog.describe(stored)
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

    /** An object of ours that the other side can call. */
    static LoginSink exported(VirtualChannel channel, LoginSink sink) {
        return channel.export(LoginSink.class, sink);
    }

    /** How an agent is reached; null if it cannot be now. */
    static @Nullable VirtualChannel channel(String node) {
        Computer computer = Jenkins.get().getComputer(node);
        return computer == null ? null : computer.getChannel();
    }
}
