package io.jenkins.plugins.codexauth.step;

import hudson.AbortException;
import hudson.Extension;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.Executor;
import hudson.model.Result;
import hudson.model.Run;
import hudson.tasks.BuildWrapper;
import hudson.tasks.BuildWrapperDescriptor;
import io.github.codexauth.CodexAuth;
import io.github.codexauth.CodexAuthException;
import io.jenkins.plugins.codexauth.agent.SessionLogFilter;
import io.jenkins.plugins.codexauth.session.BuildLog;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
            FreestyleSite site = new FreestyleSite((AbstractBuild<?, ?>) build, listener);
            BlockingEntrance entrance = new BlockingEntrance(session, site::isSignedInAlready, listener);
            entrance.pass(
                    new SignInAttempt(session, request, terms, Clock.systemUTC().instant(), site, entrance));
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
                CodexAuth.CREDENTIAL_VARIABLES.forEach(env::remove);
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

    private static void interrupt(AbstractBuild<?, ?> build, BuildListener log) {
        Executor executor = build.getExecutor();
        if (executor != null) {
            BuildLog.warn(log, TimeLimit.PASSED);
            executor.interrupt(Result.ABORTED, new TimeLimit.Passed());
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
