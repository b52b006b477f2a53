package io.jenkins.plugins.codexauth.step;

import hudson.AbortException;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.Holder;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.account.FleetHolders;
import io.jenkins.plugins.codexauth.session.BuildLog;
import io.jenkins.plugins.codexauth.session.BuildOnAgent;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import io.jenkins.plugins.codexauth.session.FleetWait;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The sign-in of a block that begins without an agent.
 *
 * <ol>
 *   <li>What can be judged without an agent is. Where a login is wanted, the block joins its queue; then its steps
 *       begin. It occupies no executor, and holds up nobody.
 *   <li>A {@code node} inside waits in Jenkins' build queue until a login is free, and takes it together with an
 *       executor: {@link NodesAwaitLogins}.
 *   <li>The first step on an agent signs the block in there, judged as any other: {@link FirstAgent}.
 * </ol>
 *
 * <p>Safe for use by several threads. Whatever Jenkins' queue asks for answers at once, but for a write to the disk.
 */
final class AwaitedLogin {
    /** How long a step is held up whose node began before its turn, as it can after a restart of the controller. */
    private static final Duration LATE_TURN = Duration.ofMinutes(1);

    /** How long a step is held up for whoever has the login in a fleet's store: its node has an executor by then. */
    private static final Duration ELSEWHERE = Duration.ofMinutes(2);

    private final String session;
    private final Request request;
    private final Terms terms;
    private final Instant asked;
    private final Run<?, ?> build;
    private final TaskListener log;
    private final Listener listener;

    /** Held while an agent is made ready, which takes seconds; never while Jenkins' queue asks. */
    private final Object signingIn = new Object();

    /** Why a step on an agent got no credential; every later one is told the same. */
    private @Nullable String refusal;

    private @Nullable LoginQueue line;
    private List<CodexAccount> accounts = List.of();
    private @Nullable CodexAccount taken;
    private @Nullable String takenFor;
    private @Nullable String agent;
    private boolean toldElsewhere;
    private @Nullable TimeLimit patience;
    private boolean impatient;

    /**
     * @param session a name for the session, which is also that of its turn; after a restart of the controller the same
     *     name keeps its place
     * @param asked since when the build has waited
     * @param log what people read
     */
    AwaitedLogin(
            String session,
            Request request,
            Terms terms,
            Instant asked,
            Run<?, ?> build,
            TaskListener log,
            Listener listener) {
        this.session = session;
        this.request = request;
        this.terms = terms;
        this.asked = asked;
        this.build = build;
        this.log = log;
        this.listener = listener;
    }

    /** Told what becomes of it. */
    interface Listener {
        /** The block is signed in on an agent. */
        void signedIn();

        /** The block gets no login any more. */
        void failed(Throwable reason);
    }

    /**
     * Judges what can be judged, and finds what may be waited for.
     *
     * @return the accounts of which the block may get one; empty for a key, which nobody waits for
     * @throws CodexAuthException if the block would be refused anywhere
     */
    List<CodexAccount> foresee() throws CodexAuthException {
        Admission admission = new Admission(request, build);
        return admission.usable(admission.foresee(), log);
    }

    /**
     * Joins the queues of these accounts, or takes up the places or the login that the session had before a restart.
     *
     * @throws CodexAuthException if that could not be written down
     */
    void await(List<CodexAccount> wanted) throws CodexAuthException {
        if (wanted.isEmpty()) {
            return;
        }
        Holder holder = new Holder(BuildOnAgent.describe(build), asked);
        LoginQueue joining = new LoginQueue(session, build, log, holder, wanted, listener::failed);
        synchronized (this) {
            accounts = List.copyOf(wanted);
            line = joining;
        }
        boolean joined = false;
        try {
            joining.joinWithoutExecutor(AwaitedLogin::lookAtQueue, this::granted);
            joined = true;
        } finally {
            if (!joined) {
                joining.leave();
            }
        }
        synchronized (this) {
            patience = terms.waitAtMost()
                    .map(limit -> TimeLimit.at(asked.plus(limit), () -> waitNoLonger(limit)))
                    .orElse(null);
        }
    }

    private static void lookAtQueue() {
        Queue.getInstance().scheduleMaintenance();
    }

    private synchronized void granted(CodexAccount account) {
        taken = account;
        lookAtQueue();
    }

    private void waitNoLonger(Duration limit) {
        LoginQueue leaving;
        synchronized (this) {
            impatient = true;
            leaving = taken == null && agent == null ? line : null;
        }
        if (leaving != null && leaving.leave()) {
            listener.failed(leaving.busy(limit));
        }
    }

    boolean isOf(Queue.@Nullable Executable executable) {
        return build.equals(executable);
    }

    synchronized boolean isFor(CodexAccount account) {
        return accounts.stream().anyMatch(other -> other.fullName().equals(account.fullName()));
    }

    /** What it waits for, for people; empty if a node could begin. */
    synchronized Optional<String> blockage() {
        if (line == null || agent != null || taken != null) {
            return Optional.empty();
        }
        return line.isOffered() ? blockageElsewhere() : Optional.of(line.status());
    }

    private Optional<String> blockageElsewhere() {
        Optional<String> first = Optional.empty();
        for (CodexAccount account : accounts) {
            Optional<String> blockage = blockageElsewhere(account);
            if (blockage.isEmpty()) {
                return blockage;
            }
            first = first.or(() -> blockage);
        }
        return first;
    }

    /** Who has a login in a fleet's store, as far as is known. */
    private static Optional<String> blockageElsewhere(CodexAccount account) {
        return FleetHolders.get().blockage(account, AwaitedLogin::lookAtQueue);
    }

    /**
     * Takes a login for a node that could have an executor now.
     *
     * @param node the id of the step in the Pipeline's graph
     * @return whether the node may begin
     */
    synchronized boolean take(String node) {
        if (line != null && agent == null && taken == null) {
            taken = line.take(account -> blockageElsewhere(account).isEmpty()).orElse(null);
        }
        if (taken != null && takenFor == null) {
            takenFor = node;
        }
        return line == null || agent != null || taken != null;
    }

    /** Gives back what was taken for a node that got no executor after all: others could use it. */
    void giveBack(String node) {
        LoginQueue leaving = null;
        synchronized (this) {
            if (line == null || taken == null || agent != null || !node.equals(takenFor)) {
                return;
            }
            line.giveBack(taken, AwaitedLogin::lookAtQueue, this::granted);
            taken = null;
            takenFor = null;
            if (impatient) {
                leaving = line;
            }
        }
        if (leaving != null && leaving.leave()) {
            listener.failed(leaving.busy(terms.waitAtMost().orElse(Duration.ZERO)));
        }
    }

    /**
     * Signs the block in on an agent, unless it is signed in already. Answers when that is done.
     *
     * @return whether it was this call that signed in
     * @throws IOException if the block is refused there, or the agent cannot be made ready; the log has been told why
     */
    boolean signIn(BuildOnAgent site) throws IOException, InterruptedException {
        synchronized (signingIn) {
            if (refusal != null) {
                throw new AbortException(refusal);
            }
            if (isSignedIn(site)) {
                return false;
            }
            try {
                open(site);
            } catch (CodexAuthException e) {
                Failures.tell(site.log(), e);
                refusal = "withCodexAuth: " + e.problem();
                throw new AbortException(refusal);
            } catch (IOException | RuntimeException e) {
                refusal = "withCodexAuth: signing in failed";
                throw e;
            }
            listener.signedIn();
            return true;
        }
    }

    private synchronized boolean isSignedIn(BuildOnAgent site) {
        String here = site.node().getNodeName();
        if (agent != null && !agent.equals(here) && !toldElsewhere) {
            toldElsewhere = true;
            BuildLog.say(
                    site.log(),
                    "this block is signed in on " + BuildOnAgent.nameOf(agent) + ", its first agent, and nowhere else");
        }
        return agent != null;
    }

    private void open(BuildOnAgent site) throws CodexAuthException, IOException, InterruptedException {
        Admission admission = new Admission(request, build);
        Admission.Admitted admitted = admission.admit(site.node());
        if (admitted instanceof Admission.Key key) {
            BuildSessions.get().open(session, site, key.auth(), terms.config());
        } else {
            Admission.Logins logins = (Admission.Logins) admitted;
            CodexAccount account = turn();
            FleetWait wait = new FleetWait(
                    Instant.now(),
                    Optional.of(ELSEWHERE),
                    () -> admission.admitLogins(site.node()).proof());
            BuildSessions.get().open(session, site, account, logins.proof(), terms.loan(), wait);
            admission.track(account);
        }
        synchronized (this) {
            agent = site.node().getNodeName();
            stopWaiting();
        }
    }

    private CodexAccount turn() throws CodexAuthException, IOException, InterruptedException {
        LoginQueue waiting;
        synchronized (this) {
            waiting = line;
            if (taken != null && waiting != null) {
                waiting.settleFor(taken);
                return taken;
            }
        }
        if (waiting == null) {
            throw new IOException("this block waits for no login");
        }
        CompletableFuture<CodexAccount> turn = new CompletableFuture<>();
        waiting.join(turn::complete);
        try {
            CodexAccount account = turn.get(LATE_TURN.toMillis(), TimeUnit.MILLISECONDS);
            synchronized (this) {
                taken = account;
            }
            return account;
        } catch (TimeoutException late) {
            waiting.leave();
            throw waiting.busy(LATE_TURN);
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    private synchronized void stopWaiting() {
        if (patience != null) {
            patience.cancel();
        }
    }

    /** Leaves the queues, and gives back what no session has. */
    void end() {
        LoginQueue leaving;
        CodexAccount held;
        synchronized (this) {
            stopWaiting();
            leaving = line;
            held = agent == null ? taken : null;
        }
        if (leaving != null && !leaving.leave() && held != null) {
            held.store().leave(held.id(), session);
        }
    }
}
