package io.jenkins.plugins.codexauth.step;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.console.ConsoleLogFilter;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.login.SessionId;
import io.github.codexauth.store.Holder;
import io.github.codexauth.trust.TrustDecision;
import io.jenkins.plugins.codexauth.account.Account;
import io.jenkins.plugins.codexauth.agent.SessionLogFilter;
import io.jenkins.plugins.codexauth.agent.SessionSecrets;
import io.jenkins.plugins.codexauth.session.BuildLog;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import io.jenkins.plugins.codexauth.session.SignInFailedException;
import io.jenkins.plugins.codexauth.session.SignedIn;
import io.jenkins.plugins.codexauth.session.Site;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jspecify.annotations.Nullable;

/**
 * One {@code withCodexAuth} block.
 *
 * <ol>
 *   <li>{@code SIGNING_IN}: judge the build; queue for a login; make a home on the agent. All of it can be begun again, so a restart of the
 *       controller in its middle costs nothing: the turn in the queue, and a login that was granted, are the same ticket's.
 *   <li>{@code IN_BLOCK}: the block runs; a restart takes up the session and its watch.
 *   <li>{@code ENDING}: the last state is saved and the home wiped; a restart does it again.
 * </ol>
 *
 * <p>Nothing of a secret is in a field: fields are written to the disk with the build.
 */
final class WithCodexAuthExecution extends StepExecution {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(WithCodexAuthExecution.class.getName());

    private final Request request;
    private final String session = SessionId.random().value();
    private final long asked = System.currentTimeMillis();

    private Phase phase = Phase.SIGNING_IN;
    private @Nullable BodyExecution body;
    private long endAt;
    private @Nullable Throwable stopped;
    private @Nullable Object result;
    private @Nullable Throwable failure;

    private transient volatile @Nullable LoginQueue queue;

    private enum Phase {
        SIGNING_IN,
        IN_BLOCK,
        ENDING,
        OVER
    }

    WithCodexAuthExecution(StepContext context, Request request) {
        super(context);
        this.request = request;
    }

    @Override
    public boolean start() {
        inBackground(this::signIn);
        return false;
    }

    @Override
    public void onResume() {
        switch (phase()) {
            case SIGNING_IN -> inBackground(this::signIn);
            case IN_BLOCK ->
                inBackground(() -> {
                    BuildSessions.get().resume(session, listener());
                    limitTime();
                });
            case ENDING ->
                inBackground(() -> {
                    BuildSessions.get().resume(session, listener());
                    end();
                });
            case OVER -> LOGGER.log(Level.FINE, "{0} had ended before the restart", session);
        }
    }

    @Override
    public void stop(Throwable cause) {
        BodyExecution running;
        LoginQueue waiting;
        synchronized (this) {
            stopped = cause;
            running = body;
            waiting = queue;
        }
        if (running != null) {
            running.cancel(cause);
        } else if (waiting != null && waiting.leave()) {
            over();
            getContext().onFailure(cause);
        }
        // Else a home is being made just now, and whoever makes it looks at 'stopped' when it is done.
    }

    @Override
    public String getStatus() {
        LoginQueue waiting = queue;
        return waiting == null ? super.getStatus() : waiting.status();
    }

    private Site site() throws IOException, InterruptedException {
        return new Site(
                required(Run.class),
                required(Node.class),
                required(FilePath.class),
                required(EnvVars.class).get("PATH", ""),
                required(TaskListener.class));
    }

    private <T> T required(Class<T> type) throws IOException, InterruptedException {
        T found = getContext().get(type);
        if (found == null) {
            throw new AbortException("the agent of this block is gone");
        }
        return found;
    }

    private void signIn() throws Exception {
        Site site = site();
        Admission admission = new Admission(request, site);
        Admission.Admitted admitted = admission.admit();
        if (admitted instanceof Admission.Key key) {
            run(site, BuildSessions.get().open(session, site, key.auth(), request.config()));
            return;
        }
        Admission.Logins logins = (Admission.Logins) admitted;
        if (sharedWithEnclosing(logins, site)) {
            return;
        }
        Holder holder = new Holder(Site.describe(site.build()), Instant.ofEpochMilli(asked));
        LoginQueue line = new LoginQueue(session, site, holder, logins.accounts(), this::fail);
        queue = line;
        Throwable stop = stopped();
        if (stop != null) {
            fail(stop);
            return;
        }
        line.join(granted -> inBackground(() -> open(granted, line.hadToWait() ? null : logins.proof())));
        waitAtMost(line);
    }

    /**
     * The turn has come.
     *
     * @param known the verdict on the build; null if it has waited, perhaps for hours, and is judged once more
     */
    private void open(Account account, TrustDecision.@Nullable Trusted known) throws Exception {
        queue = null;
        Site site = site();
        Admission admission = new Admission(request, site);
        boolean opened = false;
        try {
            TrustDecision.Trusted proof =
                    known == null ? admission.admitLogins().proof() : known;
            SignedIn signedIn = BuildSessions.get()
                    .open(session, site, account, proof, request.config(), java.time.Duration.ofHours(2));
            opened = true;
            admission.track(account);
            run(site, signedIn, new EnclosingLogin(account.fullName(), signedIn.node()));
        } finally {
            if (!opened) {
                account.store().leave(account.id(), session);
            }
        }
    }

    /** A block inside of one that has the login already shares its home, if it is on the same agent. */
    private boolean sharedWithEnclosing(Admission.Logins logins, Site site) throws Exception {
        EnclosingLogin enclosing = getContext().get(EnclosingLogin.class);
        if (enclosing == null || logins.accounts().stream().noneMatch(account -> enclosing.isOf(account.fullName()))) {
            return false;
        }
        Computer computer = site.workspace().toComputer();
        if (computer == null || !enclosing.isOn(computer.getName())) {
            throw new SignInFailedException(
                    "the enclosing withCodexAuth block has '" + enclosing.account() + "' on agent '" + enclosing.node()
                            + "', and a login can be in one place only",
                    "end that block before this one begins, or use another account here");
        }
        BuildLog.say(site.log(), "the enclosing withCodexAuth block has this login already; it is shared");
        synchronized (this) {
            phase = Phase.IN_BLOCK;
            body = getContext().newBodyInvoker().withCallback(new Ended(this)).start();
        }
        getContext().saveState();
        return true;
    }

    private void run(Site site, SignedIn signedIn) throws Exception {
        run(site, signedIn, null);
    }

    private void run(Site site, SignedIn signedIn, @Nullable EnclosingLogin login) throws Exception {
        String node =
                site.node().getNodeName().isEmpty() ? "built-in" : site.node().getNodeName();
        Throwable stop = stopped();
        if (stop != null) {
            ended(null, stop);
            return;
        }
        BodyInvoker invoker = getContext()
                .newBodyInvoker()
                .withContext(EnvironmentExpander.merge(
                        getContext().get(EnvironmentExpander.class), new SignedInEnvironment(session, node)))
                .withContext(BodyInvoker.mergeConsoleLogFilters(
                        getContext().get(ConsoleLogFilter.class), new SessionLogFilter(session)))
                .withCallback(new Ended(this));
        if (login != null) {
            invoker.withContext(login);
        }
        Optional<Duration> limit = request.timeLimit();
        BodyExecution running;
        synchronized (this) {
            phase = Phase.IN_BLOCK;
            endAt = limit.map(duration -> System.currentTimeMillis() + duration.toMillis())
                    .orElse(0L);
            body = invoker.start();
            stop = stopped;
            running = body;
        }
        if (stop != null) {
            // Somebody stopped the block between the last look and its start.
            running.cancel(stop);
        }
        getContext().saveState();
        limitTime();
    }

    private synchronized Phase phase() {
        return phase;
    }

    private synchronized @Nullable Throwable stopped() {
        return stopped;
    }

    /** Hears that the block has ended. */
    private static final class Ended extends BodyExecutionCallback {
        private static final long serialVersionUID = 1L;

        private final WithCodexAuthExecution execution;

        Ended(WithCodexAuthExecution execution) {
            this.execution = execution;
        }

        @Override
        public void onSuccess(StepContext context, Object value) {
            execution.ended(value, null);
        }

        @Override
        public void onFailure(StepContext context, Throwable cause) {
            execution.ended(null, cause);
        }
    }

    private void ended(@Nullable Object value, @Nullable Throwable cause) {
        synchronized (this) {
            result = value;
            // What goes on from here is written to the disk, and to the log outside of the block.
            failure = cause == null ? null : SessionSecrets.of(session).hideIn(cause);
            phase = Phase.ENDING;
        }
        getContext().saveState();
        inBackground(this::end);
    }

    private void end() {
        BuildSessions.get().end(session, listener());
        Throwable cause;
        Object value;
        synchronized (this) {
            cause = failure;
            value = result;
        }
        over();
        if (cause != null) {
            getContext().onFailure(cause);
        } else {
            getContext().onSuccess(value);
        }
    }

    private synchronized void over() {
        phase = Phase.OVER;
        queue = null;
    }

    private void waitAtMost(LoginQueue line) throws SignInFailedException {
        Optional<Duration> limit = request.waitAtMost();
        if (limit.isPresent()) {
            long left = asked + limit.get().toMillis() - System.currentTimeMillis();
            Timer.get()
                    .schedule(
                            () -> {
                                if (line.leave()) {
                                    fail(line.busy(limit.get()));
                                }
                            },
                            Math.max(0, left),
                            TimeUnit.MILLISECONDS);
        }
    }

    private void limitTime() {
        if (endAt > 0) {
            long left = endAt - System.currentTimeMillis();
            Timer.get().schedule(this::timeIsUp, Math.max(0, left), TimeUnit.MILLISECONDS);
        }
    }

    private void timeIsUp() {
        BodyExecution running;
        synchronized (this) {
            running = phase == Phase.IN_BLOCK ? body : null;
        }
        if (running != null) {
            BuildLog.warn(listener(), TimeLimit.PASSED);
            running.cancel(new FlowInterruptedException(Result.ABORTED, new TimeLimit.Passed()));
        }
    }

    private void fail(Throwable problem) {
        over();
        if (problem instanceof CodexAuthException e) {
            Failures.tell(listener(), e);
            getContext().onFailure(new AbortException("withCodexAuth: " + e.problem()));
        } else {
            getContext().onFailure(problem);
        }
    }

    private TaskListener listener() {
        try {
            TaskListener found = getContext().get(TaskListener.class);
            return found == null ? TaskListener.NULL : found;
        } catch (IOException e) {
            return TaskListener.NULL;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return TaskListener.NULL;
        }
    }

    /** Work that may take longer than the thread of the Pipeline has time. */
    private interface Work {
        void run() throws Exception;
    }

    private void inBackground(Work work) {
        Computer.threadPoolForRemoting.execute(() -> {
            try {
                work.run();
            } catch (Exception e) {
                fail(e);
            }
        });
    }
}
