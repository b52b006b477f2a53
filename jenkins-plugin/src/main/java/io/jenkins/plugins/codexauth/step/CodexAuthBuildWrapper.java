package io.jenkins.plugins.codexauth.step;

import hudson.AbortException;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.Executor;
import hudson.model.Node;
import hudson.model.Result;
import hudson.model.Run;
import hudson.tasks.BuildWrapper;
import hudson.tasks.BuildWrapperDescriptor;
import io.github.codexauth.CodexAuthException;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.agent.SessionLogFilter;
import io.jenkins.plugins.codexauth.session.BuildLog;
import io.jenkins.plugins.codexauth.session.BuildOnAgent;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import io.jenkins.plugins.codexauth.session.SignedIn;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@link WithCodexAuthStep} around the build steps of a Freestyle job. */
public final class CodexAuthBuildWrapper extends BuildWrapper {
    private final WithCodexAuthStep signIn;

    /** @param signIn the options, those of the Pipeline step */
    @DataBoundConstructor
    public CodexAuthBuildWrapper(WithCodexAuthStep signIn) {
        this.signIn = signIn;
    }

    public WithCodexAuthStep getSignIn() {
        return signIn;
    }

    @Override
    public OutputStream decorateLogger(AbstractBuild build, OutputStream logger) {
        return new SessionLogFilter(FreestyleSession.of(build)).decorateLogger((Run<?, ?>) build, logger);
    }

    @Override
    public void makeSensitiveBuildVariables(AbstractBuild build, Set<String> sensitiveVariables) {
        sensitiveVariables.addAll(SignedInEnvironment.SENSITIVE);
    }

    @Override
    public Environment setUp(AbstractBuild build, Launcher launcher, BuildListener listener)
            throws IOException, InterruptedException {
        String session = FreestyleSession.of(build);
        Optional<TimeLimit> limit;
        try {
            Request request = new Request(signIn);
            Terms terms = Terms.of(request);
            Entrance entrance = new Entrance(session, listener);
            entrance.pass(new SignInAttempt(
                    session,
                    request,
                    terms,
                    Clock.systemUTC().instant(),
                    () -> site((AbstractBuild<?, ?>) build, listener),
                    entrance));
            limit = terms.timeLimit()
                    .map(time -> TimeLimit.at(
                            Clock.systemUTC().instant().plus(time),
                            () -> interrupt((AbstractBuild<?, ?>) build, listener)));
        } catch (CodexAuthException e) {
            Failures.tell(listener, e);
            throw new AbortException("withCodexAuth: " + e.problem());
        }
        return new Environment() {
            @Override
            public void buildEnvVars(Map<String, String> env) {
                // Jenkins expands it twice on the way to a process, and a dollar sign of a key's or a path's has to
                // arrive as one.
                SignedInEnvironment.of(session, env)
                        .forEach((name, value) -> env.put(name, value.replace("$", "$$$$")));
            }

            @Override
            public boolean tearDown(AbstractBuild ended, BuildListener log) {
                limit.ifPresent(TimeLimit::cancel);
                BuildSessions.get().end(session, log);
                return true;
            }
        };
    }

    private static BuildOnAgent site(AbstractBuild<?, ?> build, BuildListener listener)
            throws IOException, InterruptedException {
        Node node = build.getBuiltOn();
        FilePath workspace = build.getWorkspace();
        if (node == null || workspace == null) {
            throw new AbortException("the agent of this build is gone");
        }
        return new BuildOnAgent(
                build, node, workspace, build.getEnvironment(listener).get("PATH", ""), listener);
    }

    private static void interrupt(AbstractBuild<?, ?> build, BuildListener log) {
        Executor executor = build.getExecutor();
        if (executor != null) {
            BuildLog.warn(log, TimeLimit.PASSED);
            executor.interrupt(Result.ABORTED, new TimeLimit.Passed());
        }
    }

    /** Holds up the build's own thread until it is signed in. */
    private static final class Entrance implements SignInAttempt.Listener {
        private final CompletableFuture<Void> result = new CompletableFuture<>();
        private final String session;
        private final BuildListener log;

        Entrance(String session, BuildListener log) {
            this.session = session;
            this.log = log;
        }

        @Override
        public void signedIn(BuildOnAgent site, SignedIn signedIn, @Nullable CodexAccount account) {
            result.complete(null);
        }

        @Override
        public void failed(Throwable problem) {
            result.completeExceptionally(problem);
        }

        void pass(SignInAttempt signIn) throws CodexAuthException, IOException, InterruptedException {
            signIn.begin();
            try {
                result.get();
            } catch (InterruptedException stop) {
                signIn.giveUp(stop);
                // A home that is being made just now is ended first.
                if (result.handle((done, problem) -> problem == null).join()) {
                    BuildSessions.get().end(session, log);
                }
                throw stop;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof CodexAuthException known) {
                    throw known;
                }
                if (e.getCause() instanceof IOException known) {
                    throw known;
                }
                throw new IOException("signing in failed", e.getCause());
            }
        }
    }

    /** The build environment's entry in the form of a Freestyle job. */
    @Extension
    public static final class DescriptorImpl extends BuildWrapperDescriptor {
        @Override
        public boolean isApplicable(AbstractProject<?, ?> item) {
            return true;
        }

        @Override
        public String getDisplayName() {
            return "Sign the Codex CLI in";
        }
    }
}
