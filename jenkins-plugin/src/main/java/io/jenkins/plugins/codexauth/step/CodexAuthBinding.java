package io.jenkins.plugins.codexauth.step;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import hudson.AbortException;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.util.ListBoxModel;
import io.github.codexauth.CodexAuth;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.handover.TokenAddress;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.account.CodexAccountCredentials;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.credentialsbinding.BindingDescriptor;
import org.jenkinsci.plugins.credentialsbinding.MultiBinding;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * {@code withCredentials([codexAuth('codex-ci')]) { sh 'codex exec …' }}: an account, an API key or an access token for
 * Codex, where people look for credentials. The build is judged, waits and gets a {@code CODEX_HOME} as with {@code
 * withCodexAuth}; the login of an account stays on the controller.
 */
public final class CodexAuthBinding extends MultiBinding<StandardCredentials> {
    /** What must not be shown. The address, since whoever knows it and has read the home gets tokens. */
    private static final Set<String> SECRET = Set.of("CODEX_API_KEY", "CODEX_ACCESS_TOKEN", TokenAddress.VARIABLE);

    private boolean accessToken;
    private transient @Nullable StepContext step;

    /** @param credentialsId the id of a Codex account, or of a Secret text */
    @DataBoundConstructor
    public CodexAuthBinding(String credentialsId) {
        super(credentialsId);
    }

    /** Whether a Secret text is an access token of ChatGPT, and no API key. */
    public boolean isAccessToken() {
        return accessToken;
    }

    @DataBoundSetter
    public void setAccessToken(boolean accessToken) {
        this.accessToken = accessToken;
    }

    @Override
    protected Class<StandardCredentials> type() {
        return StandardCredentials.class;
    }

    @Override
    public Set<String> variables(Run<?, ?> build) {
        return SECRET;
    }

    /** It is a binding of this step, which has not begun yet. */
    void within(StepContext withCredentials) {
        step = withCredentials;
    }

    @Override
    public MultiEnvironment bind(
            Run<?, ?> build, @Nullable FilePath workspace, @Nullable Launcher launcher, TaskListener log)
            throws IOException, InterruptedException {
        BindingSite site = site(build, workspace, log);
        try {
            Request request = new Request(asStep(build));
            Terms terms = Terms.of(request);
            Request.Kind kind = terms.way().kind();
            BoundSession session = new BoundSession(site.nameSession(kind), getCredentialsId(), kind.isLogin());
            if (!kind.isLogin()) {
                site.begin(session);
            }
            BlockingEntrance entrance = new BlockingEntrance(
                    session.name(),
                    (accounts, here) -> {
                        boolean already = site.isSignedInAlready(accounts, here);
                        if (!already) {
                            site.begin(session);
                        }
                        return already;
                    },
                    log);
            boolean opened = entrance.pass(new SignInAttempt(
                    session.name(), request, terms, Clock.systemUTC().instant(), site, entrance));
            return opened ? environment(session, site) : new MultiEnvironment(Map.of());
        } catch (CodexAuthException e) {
            Failures.tell(log, e);
            throw new AbortException("codexAuth: " + e.problem());
        }
    }

    private BindingSite site(Run<?, ?> build, @Nullable FilePath workspace, TaskListener log) {
        StepContext pipeline = step;
        if (pipeline != null) {
            return new BindingInPipeline(pipeline);
        }
        return build instanceof AbstractBuild<?, ?> freestyle
                ? new BindingInFreestyle(freestyle, log)
                : new BindingElsewhere(build, workspace, log);
    }

    /** Only that there is such an account is looked up here; the build is judged before anything of it is read. */
    private WithCodexAuthStep asStep(Run<?, ?> build) {
        WithCodexAuthStep asked = new WithCodexAuthStep();
        if (accessToken) {
            asked.setAccessToken(getCredentialsId());
        } else if (Accounts.find(build, getCredentialsId()).isPresent()) {
            asked.setAuthJson(getCredentialsId());
        } else {
            asked.setApiKey(getCredentialsId());
        }
        return asked;
    }

    private static MultiEnvironment environment(BoundSession session, BindingSite site)
            throws IOException, InterruptedException {
        Map<String, String> open = new LinkedHashMap<>();
        // Those of a block around it: Jenkins takes a variable with an empty value out.
        CodexAuth.CREDENTIAL_VARIABLES.forEach(variable -> open.put(variable, ""));
        open.putAll(SignedInEnvironment.of(session.name(), site.environment()));
        Map<String, String> secret = new LinkedHashMap<>();
        for (String name : SECRET) {
            String value = open.getOrDefault(name, "");
            if (!value.isEmpty()) {
                open.remove(name);
                secret.put(name, value);
            }
        }
        return new MultiEnvironment(secret, open, new Ending(session.name()));
    }

    /** Removes what the build got. */
    private static final class Ending implements Unbinder {
        private static final long serialVersionUID = 1L;

        private final String session;

        Ending(String session) {
            this.session = session;
        }

        @Override
        public void unbind(
                Run<?, ?> build, @Nullable FilePath workspace, @Nullable Launcher launcher, TaskListener log) {
            // After a restart of the controller it may not be taken up yet.
            BuildSessions.get().resume(session, log);
            BuildSessions.get().end(session, log);
        }
    }

    /** The entry in the form of the step {@code withCredentials}, and among a Freestyle job's bindings. */
    @Symbol("codexAuth")
    @Extension(optional = true)
    public static final class DescriptorImpl extends BindingDescriptor<StandardCredentials> {
        @Override
        protected Class<StandardCredentials> type() {
            return StandardCredentials.class;
        }

        @Override
        public String getDisplayName() {
            return "Codex account, key or access token";
        }

        @Override
        public ListBoxModel doFillCredentialsIdItems(@AncestorInPath @Nullable Item owner) {
            return owner == null || !owner.hasPermission(Item.CONFIGURE)
                    ? new ListBoxModel()
                    : new StandardListBoxModel()
                            .includeAs(ACL.SYSTEM2, owner, CodexAccountCredentials.class, List.of())
                            .includeAs(ACL.SYSTEM2, owner, StringCredentials.class, List.of());
        }
    }
}
