package io.jenkins.plugins.codexauth.benchmark;

import java.util.List;
import org.jenkinsci.plugins.workflow.actions.BodyInvocationAction;
import org.jenkinsci.plugins.workflow.actions.TimingAction;
import org.jenkinsci.plugins.workflow.cps.nodes.StepEndNode;
import org.jenkinsci.plugins.workflow.cps.nodes.StepStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;

/**
 * Where the time of one block step went, in milliseconds, from the nodes of the build's flow graph.
 *
 * @param before until its body began
 * @param body in its body
 * @param after from the body's end to its own
 * @param build the whole build
 */
record BlockTimes(long before, long body, long after, long build) {
    /** The one step of that name in a build. */
    static BlockTimes of(WorkflowRun run, String step) {
        List<FlowNode> nodes = new DepthFirstScanner().allNodes(run.getExecution());
        StepStartNode start = null;
        StepStartNode body = null;
        for (FlowNode node : nodes) {
            if (node instanceof StepStartNode candidate
                    && candidate.getDescriptor() != null
                    && candidate.getDescriptor().getFunctionName().equals(step)) {
                if (candidate.getPersistentAction(BodyInvocationAction.class) == null) {
                    start = candidate;
                } else {
                    body = candidate;
                }
            }
        }
        long began = TimingAction.getStartTime(start);
        long bodyBegan = TimingAction.getStartTime(body);
        long bodyEnded = TimingAction.getStartTime(end(nodes, body));
        long ended = TimingAction.getStartTime(end(nodes, start));
        return new BlockTimes(bodyBegan - began, bodyEnded - bodyBegan, ended - bodyEnded, run.getDuration());
    }

    long around() {
        return before + after;
    }

    long block() {
        return before + body + after;
    }

    private static FlowNode end(List<FlowNode> nodes, StepStartNode start) {
        return nodes.stream()
                .filter(node ->
                        node instanceof StepEndNode end && end.getStartNode().equals(start))
                .findFirst()
                .orElseThrow();
    }
}
