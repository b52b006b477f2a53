package io.jenkins.plugins.codexauth.step;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.AbstractBuild;
import hudson.model.Node;
import hudson.model.TaskListener;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.session.BuildOnAgent;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import io.jenkins.plugins.codexauth.session.SignInFailedException;
import java.io.IOException;
import java.util.List;

/** Where a Freestyle build is. */
record FreestyleSite(AbstractBuild<?, ?> build, TaskListener log)
        implements SignInAttempt.Whereabouts, BlockingEntrance.Neighbours {
    @Override
    public BuildOnAgent now() throws IOException, InterruptedException {
        Node node = build.getBuiltOn();
        FilePath workspace = build.getWorkspace();
        if (node == null || workspace == null) {
            throw new AbortException("the agent of this build is gone");
        }
        return new BuildOnAgent(
                build, node, workspace, build.getEnvironment(log).get("PATH", ""), log);
    }

    /**
     * Nothing is around anything in a Freestyle job, so whose home it would be is not known.
     *
     * @return false
     * @throws SignInFailedException if the build would wait for itself
     */
    @Override
    public boolean isSignedInAlready(List<CodexAccount> accounts, BuildOnAgent site) throws SignInFailedException {
        for (CodexAccount account : accounts) {
            if (FreestyleSession.all(build).stream()
                    .anyMatch(session ->
                            BuildSessions.get().nodeWith(session, account).isPresent())) {
                throw new SignInFailedException(
                        "this build has '" + account.fullName() + "' already, by another part of its build environment",
                        "keep one of the two in the job's configuration, under Environment");
            }
        }
        return false;
    }
}
