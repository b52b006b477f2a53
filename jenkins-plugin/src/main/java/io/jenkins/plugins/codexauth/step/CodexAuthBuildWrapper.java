package io.jenkins.plugins.codexauth.step;

import hudson.AbortException;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.Node;
import hudson.model.Run;
import hudson.tasks.BuildWrapper;
import hudson.tasks.BuildWrapperDescriptor;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.Holder;
import io.jenkins.plugins.codexauth.account.Account;
import io.jenkins.plugins.codexauth.agent.SessionLogFilter;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import io.jenkins.plugins.codexauth.session.Site;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    public Environment setUp(AbstractBuild build, Launcher launcher, BuildListener listener)
            throws IOException, InterruptedException {
        String session = FreestyleSession.of(build);
        Request request = new Request(signIn);
        TimeLimit limit;
        try {
            Site site = site(build, listener);
            signIn(session, request, site);
            limit = TimeLimit.start(request.timeLimit(), build, listener);
        } catch (CodexAuthException e) {
            Failures.tell(listener, e);
            throw new AbortException("withCodexAuth: " + e.problem());
        }
        return new Environment() {
            @Override
            public void buildEnvVars(Map<String, String> env) {
                env.putAll(BuildSessions.get().variables(session));
            }

            @Override
            public boolean tearDown(AbstractBuild ended, BuildListener log) {
                limit.cancel();
                BuildSessions.get().end(session, log);
                return true;
            }
        };
    }

    private static Site site(AbstractBuild<?, ?> build, BuildListener listener)
            throws IOException, InterruptedException {
        Node node = build.getBuiltOn();
        FilePath workspace = build.getWorkspace();
        if (node == null || workspace == null) {
            throw new AbortException("the agent of this build is gone");
        }
        return new Site(build, node, workspace, build.getEnvironment(listener).get("PATH", ""), listener);
    }

    private static void signIn(String session, Request request, Site site)
            throws CodexAuthException, IOException, InterruptedException {
        Admission admission = new Admission(request, site);
        Admission.Admitted admitted = admission.admit();
        if (admitted instanceof Admission.Key key) {
            BuildSessions.get().open(session, site, key.auth(), request.config());
            return;
        }
        Admission.Logins logins = (Admission.Logins) admitted;
        Account account = await(session, request, site, logins);
        boolean opened = false;
        try {
            BuildSessions.get()
                    .open(session, site, account, logins.proof(), request.config(), java.time.Duration.ofHours(2));
            admission.track(account);
            opened = true;
        } finally {
            if (!opened) {
                account.store().leave(account.id(), session);
            }
        }
    }

    private static Account await(String session, Request request, Site site, Admission.Logins logins)
            throws CodexAuthException, IOException, InterruptedException {
        Holder holder =
                new Holder(Site.describe(site.build()), Clock.systemUTC().instant());
        CompletableFuture<Account> turn = new CompletableFuture<>();
        LoginQueue queue = new LoginQueue(session, site, holder, logins.accounts(), turn::completeExceptionally);
        boolean granted = false;
        try {
            queue.join(turn::complete);
            Optional<Duration> limit = request.waitAtMost();
            Account account = limit.isPresent() ? turn.get(limit.get().toMillis(), TimeUnit.MILLISECONDS) : turn.get();
            granted = true;
            return account;
        } catch (TimeoutException e) {
            if (queue.leave()) {
                throw queue.busy(request.waitAtMost().orElse(Duration.ZERO));
            }
            granted = true;
            return turn.join();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CodexAuthException known) {
                throw known;
            }
            throw new IOException("the queue for the login failed", e.getCause());
        } finally {
            if (!granted && !queue.leave() && turn.isDone() && !turn.isCompletedExceptionally()) {
                Account account = turn.join();
                account.store().leave(account.id(), session);
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
