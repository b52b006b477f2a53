package io.jenkins.plugins.codexauth.step;

import hudson.AbortException;
import hudson.FilePath;
import hudson.console.ConsoleLogFilter;
import hudson.model.Computer;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.login.SessionId;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.agent.SessionLogFilter;
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
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.FailureHandler;
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
 *       queue, and a login that was granted, are the same ticket's. Where there is no agent yet, {@link AwaitedLogin}
 *       queues, and signs in when the block runs.
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
    private boolean awaitsAgent;
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
    public boolean start() throws IOException, InterruptedException {
        boolean withoutAgent = getContext().get(FilePath.class) == null;
        synchronized (this) {
            awaitsAgent = withoutAgent;
        }
        signIn();
        return false;
    }

    @Override
    public void onResume() {
        switch (phase()) {
            case SIGNING_IN -> signIn();
            case IN_BLOCK ->
                inBackground(() -> {
                    if (!BuildSessions.get().resume(session, listener()) && isAwaitingAgent()) {
                        AwaitedLogin login = awaitedLogin();
                        await(login, login.foresee());
                    }
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
        String waiting = entering == null
                ? AwaitedLogins.get()
                        .of(session)
                        .flatMap(AwaitedLogin::blockage)
                        .orElse(null)
                : entering.status();
        return waiting == null ? super.getStatus() : waiting;
    }

    private void signIn() {
        if (isAwaitingAgent()) {
            inBackground(this::signInLater);
            return;
        }
        try {
            SignInAttempt entering = new SignInAttempt(
                    session,
                    request,
                    Terms.of(request),
                    Instant.ofEpochMilli(asked),
                    new StepSite(getContext()),
                    new Entrance());
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

    private void signInLater() throws Exception {
        AwaitedLogin login = awaitedLogin();
        List<CodexAccount> accounts = login.foresee();
        EnclosingBlock enclosing = getContext().get(EnclosingBlock.class);
        Optional<EnclosingBlock.Taken> found = enclosing == null ? Optional.empty() : enclosing.of(accounts);
        if (found.isPresent()) {
            found.get().requireInnermost();
            synchronized (this) {
                awaitsAgent = false;
            }
            share();
            return;
        }
        EnclosingBlock.requireOwnAddress(enclosing, request.give());
        await(login, accounts);
        run(body(!accounts.isEmpty()));
    }

    private AwaitedLogin awaitedLogin() throws CodexAuthException, IOException, InterruptedException {
        return new AwaitedLogin(
                session,
                request,
                Terms.of(request),
                Instant.ofEpochMilli(asked),
                StepSite.required(getContext(), Run.class),
                StepSite.required(getContext(), TaskListener.class),
                new FirstAgentFound());
    }

    private void await(AwaitedLogin login, List<CodexAccount> accounts)
            throws CodexAuthException, IOException, InterruptedException {
        AwaitedLogins.get().add(session, StepSite.required(getContext(), FlowNode.class), login);
        login.await(accounts);
    }

    private synchronized boolean isAwaitingAgent() {
        return awaitsAgent;
    }

    /** Hears of a block that began without an agent. */
    private final class FirstAgentFound implements AwaitedLogin.Listener {
        @Override
        public void signedIn() {
            synchronized (WithCodexAuthExecution.this) {
                awaitsAgent = false;
            }
            startClock();
            getContext().saveState();
            limitTime();
        }

        @Override
        public void failed(Throwable reason) {
            BodyExecution running;
            synchronized (WithCodexAuthExecution.this) {
                running = body;
            }
            if (running == null) {
                fail(reason);
                return;
            }
            if (reason instanceof CodexAuthException e) {
                Failures.tell(listener(), e);
            }
            running.cancel(new FlowInterruptedException(
                    Result.FAILURE, new NoLogin(reason instanceof CodexAuthException e ? e.problem() : "")));
        }
    }

    /** Why the steps of a block were interrupted that waited for its login. */
    private static final class NoLogin extends CauseOfInterruption {
        private static final long serialVersionUID = 1L;

        private final String why;

        NoLogin(String why) {
            this.why = why;
        }

        @Override
        public String getShortDescription() {
            return "withCodexAuth got no login: " + why;
        }
    }

    /** What the block's steps get. */
    private BodyInvoker body(boolean hasLogin) throws Exception {
        EnclosingBlock around = getContext().get(EnclosingBlock.class);
        return getContext()
                .newBodyInvoker()
                .withContext(EnvironmentExpander.merge(
                        getContext().get(EnvironmentExpander.class), new SignedInEnvironment(session)))
                .withContext(BodyInvoker.mergeConsoleLogFilters(
                        getContext().get(ConsoleLogFilter.class), new SessionLogFilter(session)))
                .withContext(HidesInFailures.of(session, getContext().get(FailureHandler.class)))
                .withContext(new EnclosingBlock(session, hasLogin && request.give() == Give.ACCESS, around));
    }

    private void share() {
        BuildLog.say(listener(), "the enclosing withCodexAuth block has this login already; it is shared");
        run(getContext().newBodyInvoker());
    }

    /** Hears how signing in ended. */
    private final class Entrance implements SignInAttempt.Listener {
        /** A block inside of one that has the login already shares its home, if it is on the same agent. */
        @Override
        public boolean isSignedInAlready(List<CodexAccount> accounts, BuildOnAgent site) throws Exception {
            EnclosingBlock enclosing = getContext().get(EnclosingBlock.class);
            if (!EnclosingBlock.isSignedInAlready(enclosing, accounts, site, request.give())) {
                return false;
            }
            share();
            return true;
        }

        @Override
        public void signedIn(BuildOnAgent site, SignedIn signedIn, @Nullable CodexAccount account) throws Exception {
            run(body(account != null));
        }

        @Override
        public void failed(Throwable problem) {
            fail(problem);
        }
    }

    private void run(BodyInvoker invoker) {
        Throwable stop;
        BodyExecution running;
        if (!isAwaitingAgent()) {
            startClock();
        }
        synchronized (this) {
            phase = Phase.IN_BLOCK;
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

    /** A block may take its time from when it is signed in. */
    private void startClock() {
        long limit;
        try {
            limit = request.timeLimit().map(Duration::toMillis).orElse(0L);
        } catch (SignInFailedException e) {
            throw new IllegalStateException("the terms were understood before", e);
        }
        synchronized (this) {
            endAt = limit == 0 ? 0 : System.currentTimeMillis() + limit;
        }
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
            failure = cause;
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

    private void over() {
        synchronized (this) {
            phase = Phase.OVER;
            signIn = null;
        }
        AwaitedLogins.get().end(session);
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
