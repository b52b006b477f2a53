package io.jenkins.plugins.codexauth.step;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.codexauth.session.BuildOnAgent;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Where a Pipeline's step is. */
record StepSite(StepContext step) implements SignInAttempt.Whereabouts {
    @Override
    public BuildOnAgent now() throws IOException, InterruptedException {
        return new BuildOnAgent(
                required(step, Run.class),
                required(step, Node.class),
                required(step, FilePath.class),
                required(step, EnvVars.class).get("PATH", ""),
                required(step, TaskListener.class));
    }

    /** What a step has for as long as its agent is there. */
    static <T> T required(StepContext step, Class<T> type) throws IOException, InterruptedException {
        T found = step.get(type);
        if (found == null) {
            throw new AbortException("the agent of this block is gone");
        }
        return found;
    }
}
