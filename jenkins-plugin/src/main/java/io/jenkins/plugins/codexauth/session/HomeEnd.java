package io.jenkins.plugins.codexauth.session;

import hudson.model.TaskListener;
import io.github.codexauth.CredentialId;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.login.Safety;
import io.github.codexauth.session.LoginRefresh;
import io.github.codexauth.session.RefreshOutcome;
import io.jenkins.plugins.codexauth.agent.CollectHome;
import io.jenkins.plugins.codexauth.agent.SessionComplaints;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of a home that had a login: what is in it is stored; a login that is in doubt is refreshed once more by
 * Codex, in a fresh home; and the home is wiped when the login is safe.
 *
 * <p>In doubt is a login whose file the build has removed, as {@code codex logout} does, and one that Codex said it
 * could not refresh.
 */
final class HomeEnd {
    private final AgentHome home;
    private final LoanedLogin login;
    private final CredentialId id;
    private final List<String> keep;
    private final TaskListener log;

    /** @param keep the sessions whose homes must stay on that agent, this one among them */
    HomeEnd(AgentHome home, LoanedLogin login, CredentialId id, List<String> keep, TaskListener log) {
        this.home = home;
        this.login = login;
        this.id = id;
        this.keep = List.copyOf(keep);
        this.log = log;
    }

    /**
     * Does all that.
     *
     * @param found what was in the home
     * @return whether the login is safe; else it lies in the home, which stays
     */
    boolean of(CollectHome.Found found) throws IOException, InterruptedException {
        boolean complained =
                SessionComplaints.take(home.session()).or(found.heard()).notRefreshed();
        boolean gone = found.exists() && found.files().isEmpty() && found.unreadable() == null;
        Safety safety = settle(found);
        CollectHome.Found last = found;
        if (safety == Safety.STORED && (gone || complained)) {
            last = check(gone);
            safety = settle(last);
        }
        if (safety == Safety.LEFT_IN_HOME) {
            return false;
        }
        report(log, last.wiped() ? last.left() : home.wipe());
        return true;
    }

    private Safety settle(CollectHome.Found found) {
        BuildLog events = new BuildLog(log, secrets -> {});
        if (found.strays() > 0) {
            events.strayProcessesEnded(found.strays());
        }
        if (found.linked() != null) {
            events.linkedAway(Path.of(found.linked()));
        }
        if (found.unreadable() != null) {
            BuildLog.warn(
                    log,
                    found.unreadable() + " belongs to another user of the agent and cannot be read, so it stays"
                            + " there; run Codex as the agent's own user");
            return Safety.LEFT_IN_HOME;
        }
        return found.wiped() ? Safety.STORED : login.settle(found.files());
    }

    /**
     * Lets Codex find out in a fresh home, where nothing of the build can mislead it, and where the login is found
     * should the agent or the controller go away meanwhile.
     *
     * @return what is in that home afterwards
     */
    private CollectHome.Found check(boolean gone) throws IOException, InterruptedException {
        if (gone) {
            BuildLog.warn(log, "the build has removed its auth.json, as 'codex logout' does, which revokes the login");
        }
        try {
            home.make(login.auth().bytes(), null, keep, null);
            AgentCodex codex = new AgentCodex(home, login);
            tell(new LoginRefresh(login, Clock.systemUTC(), codex).afterJob(gone), codex);
        } catch (SignInFailedException noHome) {
            unknown(noHome.problem());
        }
        return home.collect(login);
    }

    private void tell(RefreshOutcome outcome, AgentCodex codex) {
        if (outcome instanceof RefreshOutcome.Refreshed) {
            BuildLog.say(log, "the login of '" + id + "' is alive: Codex has refreshed it after the block");
        } else if (outcome instanceof RefreshOutcome.Dead dead) {
            BuildLog.warn(
                    log,
                    LoginNeededException.describe(id, dead.needs())
                            + "; log in with 'codex login' and paste the new auth.json into the credential");
        } else {
            unknown(codex.missing()
                    .orElse(
                            outcome instanceof RefreshOutcome.Failed failed
                                    ? failed.why().reason()
                                    : "nobody was asked"));
        }
    }

    private void unknown(String reason) {
        BuildLog.warn(log, "whether the login of '" + id + "' is still alive could not be found out (" + reason + ")");
    }

    /** Says what could not be removed, if something could not. */
    static void report(TaskListener log, @Nullable String left) {
        if (left != null) {
            BuildLog.warn(log, "could not remove " + left + "; the next build there tries again");
        }
    }
}
