package io.jenkins.plugins.codexauth.step;

import hudson.Extension;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.queue.CauseOfBlockage;
import hudson.model.queue.QueueTaskDispatcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.support.steps.ExecutorStepExecution.PlaceholderTask;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a {@code node} inside of {@code withCodexAuth} in Jenkins' build queue until the block has its login, so that a
 * hundred builds that wait for one occupy no executor. In which order they go, Jenkins' queue decides.
 */
@Extension
public final class NodesAwaitLogins extends QueueTaskDispatcher {
    @Override
    public @Nullable CauseOfBlockage canRun(Queue.Item item) {
        Optional<FlowNode> node = node(item);
        if (node.isEmpty()) {
            return null;
        }
        List<AwaitedLogin> around = AwaitedLogins.get().around(node.get());
        if (item instanceof Queue.BuildableItem) {
            // It could have begun when Jenkins looked last, and did not.
            around.forEach(login -> login.giveBack(node.get().getId()));
        }
        return around.stream()
                .flatMap(login -> login.blockage().stream())
                .findFirst()
                .map(Waiting::new)
                .orElse(null);
    }

    /** All of the logins or none, so that no two nodes wait for each other. */
    @Override
    public @Nullable CauseOfBlockage canTake(Node agent, Queue.BuildableItem item) {
        Optional<FlowNode> node = node(item);
        if (node.isEmpty()) {
            return null;
        }
        String id = node.get().getId();
        List<AwaitedLogin> taken = new ArrayList<>();
        for (AwaitedLogin login : AwaitedLogins.get().around(node.get())) {
            if (!login.take(id)) {
                taken.forEach(other -> other.giveBack(id));
                return new Waiting(login.blockage().orElse("waiting for a login"));
            }
            taken.add(login);
        }
        return null;
    }

    private static Optional<FlowNode> node(Queue.Item item) {
        // A build that is not taken up yet after a restart must not be asked where it is: that would hold up the queue.
        if (!(item.task instanceof PlaceholderTask task)
                || AwaitedLogins.get().isEmpty()
                || !AwaitedLogins.get().isAnyOf(task.getOwnerExecutable())) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(task.getNode());
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** What people read in the build queue. */
    private static final class Waiting extends CauseOfBlockage {
        private final String what;

        Waiting(String what) {
            this.what = what;
        }

        @Override
        public String getShortDescription() {
            return "withCodexAuth: " + what;
        }
    }
}
