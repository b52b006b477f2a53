package io.jenkins.plugins.codexauth.step;

import io.jenkins.plugins.codexauth.agent.SessionSecrets;
import java.io.IOException;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.graph.BlockEndNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * A failure of a block that goes on without the secrets that were in it. It keeps no other failure: the one that it
 * stands for is added to it later.
 */
final class BlockFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private BlockFailure(String message) {
        super(message, null, false, false);
    }

    /**
     * What a block that has just ended failed with, if that has a secret of a session.
     *
     * @param step whose block it is
     */
    static Optional<BlockFailure> withSecrets(StepContext step, String session)
            throws IOException, InterruptedException {
        FlowNode start = StepSite.required(step, FlowNode.class);
        for (FlowNode head : start.getExecution().getCurrentHeads()) {
            ErrorAction error = head.getError();
            if (error != null && head instanceof BlockEndNode && start.getId().equals(head.getEnclosingId())) {
                Throwable failure = error.getError();
                Throwable hidden = SessionSecrets.of(session).hideIn(failure);
                return hidden == failure
                        ? Optional.empty()
                        : Optional.of(new BlockFailure(String.valueOf(hidden.getMessage())));
            }
        }
        return Optional.empty();
    }
}
