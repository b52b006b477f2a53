package io.jenkins.plugins.codexauth.step;

import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.codexauth.session.BuildOnAgent;
import java.io.IOException;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepEnvironmentContributor;

/**
 * Signs a block in that began without an agent, when a first step inside of it asks for its variables on one: this is
 * where a Pipeline says that it is somewhere. The step waits meanwhile, as it does for whatever else is asked of an
 * agent before a process begins there.
 */
@Extension
public final class FirstAgent extends StepEnvironmentContributor {
    @Override
    public void buildEnvironmentFor(StepContext step, EnvVars env, TaskListener log)
            throws IOException, InterruptedException {
        EnclosingBlock blocks = AwaitedLogins.get().isEmpty() ? null : step.get(EnclosingBlock.class);
        if (blocks == null) {
            return;
        }
        Run<?, ?> build = step.get(Run.class);
        Node agent = step.get(Node.class);
        FilePath workspace = step.get(FilePath.class);
        if (build == null || agent == null || workspace == null) {
            return;
        }
        for (String session : blocks.sessions()) {
            Optional<AwaitedLogin> awaited = AwaitedLogins.get().of(session);
            if (awaited.isPresent()
                    && awaited.get().signIn(new BuildOnAgent(build, agent, workspace, env.get("PATH", ""), log))) {
                SignedInEnvironment.enter(session, env);
            }
        }
    }
}
