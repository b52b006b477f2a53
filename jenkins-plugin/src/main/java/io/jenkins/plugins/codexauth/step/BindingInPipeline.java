package io.jenkins.plugins.codexauth.step;

import hudson.EnvVars;
import io.github.codexauth.login.SessionId;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.session.BuildOnAgent;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * A binding of the step {@code withCredentials}.
 *
 * @param step that step
 */
record BindingInPipeline(StepContext step) implements BindingSite {
    @Override
    public BuildOnAgent now() throws IOException, InterruptedException {
        return new StepSite(step).now();
    }

    @Override
    public boolean isSignedInAlready(List<CodexAccount> accounts, BuildOnAgent site) throws Exception {
        return EnclosingBlock.isSignedInAlready(step.get(EnclosingBlock.class), accounts, site, Give.ACCESS);
    }

    @Override
    public String nameSession(Request.Kind kind) {
        return SessionId.random().value();
    }

    @Override
    public void begin(BoundSession session) throws IOException, InterruptedException {
        FlowNode start = StepSite.required(step, FlowNode.class);
        start.addAction(session);
        BoundBlocks.get().add(start, session);
    }

    @Override
    public Map<String, String> environment() throws IOException, InterruptedException {
        return StepSite.required(step, EnvVars.class);
    }
}
