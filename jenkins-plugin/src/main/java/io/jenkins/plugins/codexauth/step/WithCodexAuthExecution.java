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
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.agent.SessionLogFilter;
import io.jenkins.plugins.codexauth.agent.SessionSecrets;
import io.jenkins.plugins.codexauth.session.BuildLog;
import io.jenkins.plugins.codexauth.session.BuildOnAgent;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import io.jenkins.plugins.codexauth.session.SignInFailedException;
import io.jenkins.plugins.codexauth.session.SignedIn;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
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
 *   <li>{@code SIGNING_IN}: {@link SignInAttempt} judges the build, queues for a login and makes a home on the agent.
 *       All of it can be begun again, so a restart of the controller in its middle costs nothing: the turn in the
 *       queue, and a login that was granted, are the same ticket's.
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

    private transient volatile @Nullable SignInAttempt signIn;
    private transient @Nullable TimeLimit timeLimit;

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
        signIn();
        return false;
    }

    @Override
    public void onResume() {
        switch (phase()) {
            case SIGNING_IN -> signIn();
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
        synchronized (this) {
            stopped = cause;
            running = body;
        }
        SignInAttempt entering = signIn;
        if (running != null) {
            running.cancel(cause);
        } else if (entering != null) {
            entering.giveUp(cause);
        }
    }

    @Override
    public String getStatus() {
        SignInAttempt entering = signIn;
        String waiting = entering == null ? null : entering.status();
        return waiting == null ? super.getStatus() : waiting;
    }

    private BuildOnAgent site() throws IOException, InterruptedException {
        return new BuildOnAgent(
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

    private void signIn() {
        try {
            SignInAttempt entering = new SignInAttempt(
                    session, request, Terms.of(request), Instant.ofEpochMilli(asked), this::site, new Entrance());
            signIn = entering;
            Throwable stop = stopped();
            if (stop != null) {
                entering.giveUp(stop);
            }
            entering.begin();
        } catch (CodexAuthException e) {
            fail(e);
        }
    }

    /** Hears how signing in ended. */
    private final class Entrance implements SignInAttempt.Listener {
        /** A block inside of one that has the login already shares its home, if it is on the same agent. */
        @Override
        public boolean isShared(List<CodexAccount> accounts, BuildOnAgent site) throws Exception {
            EnclosingLogin enclosing = getContext().get(EnclosingLogin.class);
            Optional<EnclosingLogin.Taken> found = enclosing == null ? Optional.empty() : enclosing.of(accounts);
            if (found.isEmpty()) {
                requireOwnAddress(enclosing);
                return false;
            }
            EnclosingLogin.Taken taken = found.get();
            Computer computer = site.workspace().toComputer();
            if (computer == null || !taken.node().equals(computer.getName())) {
                throw new SignInFailedException(
                        "the enclosing withCodexAuth block has '"
                                + taken.account().fullName() + "' on agent '" + taken.node()
                                + "', and a login can be in one place only",
                        "end that block before this one begins, or use another account here");
            }
            if (!taken.innermost()) {
                throw new SignInFailedException(
                        "an enclosing withCodexAuth block has '"
                                + taken.account().fullName() + "', and a block in between has another login",
                        "end the block in between before this one begins, or use another account here");
            }
            BuildLog.say(site.log(), "the enclosing withCodexAuth block has this login already; it is shared");
            run(getContext().newBodyInvoker());
            return true;
        }

        /** What a whole login is refreshed by must not be the address of a block around it, which knows another. */
        private void requireOwnAddress(@Nullable EnclosingLogin enclosing) throws SignInFailedException {
            if (enclosing != null && enclosing.keepsLogin() && request.give() == Give.ALL) {
                throw new SignInFailedException(
                        "a block around this one has a login that stays on the controller, and this one's Codex would ask"
                                + " there for its own",
                        "leave give: 'all' out here, or end the block around it before this one begins");
            }
        }

        @Override
        public void signedIn(BuildOnAgent site, SignedIn signedIn, @Nullable CodexAccount account) throws Exception {
            String node = site.node().getNodeName().isEmpty()
                    ? "built-in"
                    : site.node().getNodeName();
            BodyInvoker invoker = getContext()
                    .newBodyInvoker()
                    .withContext(EnvironmentExpander.merge(
                            getContext().get(EnvironmentExpander.class), new SignedInEnvironment(session, node)))
                    .withContext(BodyInvoker.mergeConsoleLogFilters(
                            getContext().get(ConsoleLogFilter.class), new SessionLogFilter(session)));
            if (account != null) {
                invoker.withContext(
                        new EnclosingLogin(session, request.give(), getContext().get(EnclosingLogin.class)));
            }
            run(invoker);
        }

        @Override
        public void failed(Throwable problem) {
            fail(problem);
        }
    }

    private void run(BodyInvoker invoker) throws SignInFailedException {
        Optional<Duration> limit = request.timeLimit();
        Throwable stop;
        BodyExecution running;
        synchronized (this) {
            phase = Phase.IN_BLOCK;
            endAt = limit.map(duration -> System.currentTimeMillis() + duration.toMillis())
                    .orElse(0L);
            body = invoker.withCallback(new Ended(this)).start();
            stop = stopped;
            running = body;
        }
        signIn = null;
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
            if (timeLimit != null) {
                timeLimit.cancel();
            }
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
        signIn = null;
    }

    private synchronized void limitTime() {
        if (endAt > 0 && phase == Phase.IN_BLOCK) {
            timeLimit = TimeLimit.at(Instant.ofEpochMilli(endAt), this::timeIsUp);
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
