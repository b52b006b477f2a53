package io.jenkins.plugins.codexauth.step;

import hudson.Extension;
import io.jenkins.plugins.codexauth.agent.SessionLogFilter;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.log.TaskListenerDecorator;
import org.jenkinsci.plugins.workflow.steps.DynamicContext;
import org.jenkinsci.plugins.workflow.steps.FailureHandler;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code withCredentials} block of ours has that a binding cannot give it: a log and failures in which tokens
 * are hidden that do not exist yet, and the knowledge that the block has a login.
 */
@Extension
public final class BoundContext implements DynamicContext {
    private static final Set<Class<?>> KEYS =
            Set.of(TaskListenerDecorator.class, FailureHandler.class, EnclosingBlock.class);

    @Override
    public <T> @Nullable T get(Class<T> key, DelegatedContext step) throws IOException, InterruptedException {
        // Asked for every object of every step of every Pipeline.
        if (!KEYS.contains(key) || BoundBlocks.get().isEmpty()) {
            return null;
        }
        List<BoundSession> around = BoundBlocks.get().around(step.get(FlowNode.class));
        if (around.isEmpty()) {
            return null;
        }
        if (key == EnclosingBlock.class) {
            return key.cast(enclosing(around, step.get(EnclosingBlock.class)));
        }
        return key.cast(
                key == FailureHandler.class
                        ? hidingInFailures(around, step.get(FailureHandler.class))
                        : hiding(around, step.get(TaskListenerDecorator.class)));
    }

    /** @param found the innermost block that is no binding; it knows those around it */
    private static @Nullable EnclosingBlock enclosing(List<BoundSession> around, @Nullable EnclosingBlock found) {
        EnclosingBlock innermost = found;
        for (BoundSession bound : around) {
            if (innermost == null || !innermost.sessions().contains(bound.name())) {
                innermost = new EnclosingBlock(bound.name(), bound.isLogin(), innermost);
            }
        }
        return innermost;
    }

    private static @Nullable TaskListenerDecorator hiding(
            List<BoundSession> around, @Nullable TaskListenerDecorator found) {
        TaskListenerDecorator all = found;
        for (BoundSession bound : around) {
            all = TaskListenerDecorator.merge(
                    all, TaskListenerDecorator.fromConsoleLogFilter(new SessionLogFilter(bound.name())));
        }
        return all;
    }

    private static @Nullable FailureHandler hidingInFailures(
            List<BoundSession> around, @Nullable FailureHandler found) {
        FailureHandler all = found;
        for (BoundSession bound : around) {
            all = HidesInFailures.of(bound.name(), all);
        }
        return all;
    }
}
