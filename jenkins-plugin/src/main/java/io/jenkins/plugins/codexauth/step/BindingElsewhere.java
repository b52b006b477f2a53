package io.jenkins.plugins.codexauth.step;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.github.codexauth.login.SessionId;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.session.BuildOnAgent;
import io.jenkins.plugins.codexauth.session.SignInFailedException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A binding that another plugin's code uses. Whether the tokens of a login would be hidden there is not known.
 *
 * @param workspace the build's; null for none
 */
record BindingElsewhere(Run<?, ?> build, @Nullable FilePath workspace, TaskListener log) implements BindingSite {
    @Override
    public BuildOnAgent now() throws AbortException {
        Computer computer = workspace == null ? null : workspace.toComputer();
        Node agent = computer == null ? null : computer.getNode();
        if (workspace == null || agent == null) {
            throw new AbortException("the agent of this build is gone");
        }
        return new BuildOnAgent(build, agent, workspace, "", log);
    }

    @Override
    public boolean isSignedInAlready(List<CodexAccount> accounts, BuildOnAgent site) {
        return false;
    }

    @Override
    public String nameSession(Request.Kind kind) throws SignInFailedException {
        if (kind.isLogin()) {
            throw new SignInFailedException(
                    "codexAuth with an account is for the step withCredentials and for Freestyle jobs",
                    "use one of these, or withCodexAuth(authJson: '…') { … }");
        }
        return SessionId.random().value();
    }

    @Override
    public void begin(BoundSession session) {
        // What a key is, whoever uses the binding hides.
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }
}
