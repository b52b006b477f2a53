package io.jenkins.plugins.codexauth.step;

import hudson.AbortException;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.login.SessionId;
import io.jenkins.plugins.codexauth.session.BuildOnAgent;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.credentialsbinding.BindingDescriptor;
import org.jenkinsci.plugins.credentialsbinding.MultiBinding;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * {@code withCredentials([codexAuth('openai-key')]) { sh 'codex exec …' }}: an API key or an access token for Codex,
 * where people look for credentials. The build is judged and gets a {@code CODEX_HOME} as with {@code withCodexAuth},
 * which logins need: what Codex refreshes has to be hidden in the log, and a binding has to name its secrets before.
 */
public final class CodexAuthBinding extends MultiBinding<StringCredentials> {
    private boolean accessToken;

    /** @param credentialsId the id of a Secret text */
    @DataBoundConstructor
    public CodexAuthBinding(String credentialsId) {
        super(credentialsId);
    }

    /** Whether the Secret text is an access token of ChatGPT, and no API key. */
    public boolean isAccessToken() {
        return accessToken;
    }

    @DataBoundSetter
    public void setAccessToken(boolean accessToken) {
        this.accessToken = accessToken;
    }

    @Override
    protected Class<StringCredentials> type() {
        return StringCredentials.class;
    }

    @Override
    public Set<String> variables(Run<?, ?> build) {
        return Set.of(accessToken ? "CODEX_ACCESS_TOKEN" : "CODEX_API_KEY");
    }

    @Override
    public MultiEnvironment bind(
            Run<?, ?> build, @Nullable FilePath workspace, @Nullable Launcher launcher, TaskListener log)
            throws IOException, InterruptedException {
        Computer computer = workspace == null ? null : workspace.toComputer();
        Node agent = computer == null ? null : computer.getNode();
        if (workspace == null || agent == null) {
            throw new AbortException("codexAuth: the agent of this build is gone");
        }
        String session = SessionId.random().value();
        try {
            Admission admission = new Admission(new Request(asStep()), build);
            Admission.Key key = (Admission.Key) admission.admit(agent);
            BuildSessions.get().open(session, new BuildOnAgent(build, agent, workspace, "", log), key.auth(), null);
        } catch (CodexAuthException e) {
            Failures.tell(log, e);
            throw new AbortException("codexAuth: " + e.problem());
        }
        return environment(session, build);
    }

    private WithCodexAuthStep asStep() {
        WithCodexAuthStep step = new WithCodexAuthStep();
        if (accessToken) {
            step.setAccessToken(getCredentialsId());
        } else {
            step.setApiKey(getCredentialsId());
        }
        return step;
    }

    private MultiEnvironment environment(String session, Run<?, ?> build) {
        Map<String, String> open = new LinkedHashMap<>(BuildSessions.get().variables(session));
        Map<String, String> secret = new LinkedHashMap<>();
        for (String name : variables(build)) {
            secret.put(name, open.remove(name));
        }
        return new MultiEnvironment(secret, open, new Ending(session));
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
            // After a restart of the controller nobody has taken it up.
            BuildSessions.get().resume(session, log);
            BuildSessions.get().end(session, log);
        }
    }

    /** The entry in the form of the step {@code withCredentials}, and among a Freestyle job's bindings. */
    @Symbol("codexAuth")
    @Extension(optional = true)
    public static final class DescriptorImpl extends BindingDescriptor<StringCredentials> {
        @Override
        protected Class<StringCredentials> type() {
            return StringCredentials.class;
        }

        @Override
        public String getDisplayName() {
            return "Codex key or access token";
        }
    }
}
