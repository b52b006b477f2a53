package io.jenkins.plugins.codexauth.step;

import hudson.EnvVars;
import hudson.Extension;
import hudson.model.TaskListener;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepEnvironmentContributor;

/**
 * Takes the other ways to sign in that an agent's own process has out of a {@code withCredentials} block of ours. Only
 * an empty value does that, where a process is started, and {@code withCredentials} passes none on.
 */
@Extension
public final class BoundEnvironment extends StepEnvironmentContributor {
    @Override
    public void buildEnvironmentFor(StepContext step, EnvVars env, TaskListener log)
            throws IOException, InterruptedException {
        if (BoundBlocks.get().isEmpty()) {
            return;
        }
        for (BoundSession bound : BoundBlocks.get().around(step.get(FlowNode.class))) {
            BuildSessions.get().variables(bound.name()).forEach((name, value) -> {
                if (value.isEmpty()) {
                    env.putIfAbsent(name, value);
                }
            });
        }
    }
}
