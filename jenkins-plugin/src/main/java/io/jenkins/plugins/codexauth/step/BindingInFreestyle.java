package io.jenkins.plugins.codexauth.step;

import hudson.model.AbstractBuild;
import hudson.model.TaskListener;
import io.github.codexauth.login.SessionId;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.session.BuildOnAgent;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import io.jenkins.plugins.codexauth.session.SignInFailedException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A binding in the build environment of a Freestyle job. */
record BindingInFreestyle(AbstractBuild<?, ?> build, TaskListener log) implements BindingSite {
    @Override
    public BuildOnAgent now() throws IOException, InterruptedException {
        return new FreestyleSite(build, log).now();
    }

    @Override
    public boolean isSignedInAlready(List<CodexAccount> accounts, BuildOnAgent site) throws SignInFailedException {
        return new FreestyleSite(build, log).isSignedInAlready(accounts, site);
    }

    /** The log is opened long before, and hides what one session has. What a key is, Jenkins itself hides. */
    @Override
    public String nameSession(Request.Kind kind) throws SignInFailedException {
        if (!kind.isLogin()) {
            return SessionId.random().value();
        }
        String name = FreestyleSession.bound(build)
                .orElseThrow(() -> new SignInFailedException(
                        "the log of this build was opened before its job had the codexAuth binding, and would show"
                                + " tokens",
                        "build again"));
        if (BuildSessions.get().nodeVariable(name).isPresent()) {
            throw new SignInFailedException(
                    "this build has two codexAuth bindings with an account",
                    "keep one of them in the job's configuration, under Environment");
        }
        return name;
    }

    @Override
    public void begin(BoundSession session) {
        // The log hides it already.
    }

    @Override
    public Map<String, String> environment() throws IOException, InterruptedException {
        return build.getEnvironment(log);
    }
}
