package io.jenkins.plugins.codexauth.step;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Computer;
import hudson.model.TaskListener;
import hudson.util.LogTaskListener;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionListener;
import org.jenkinsci.plugins.workflow.flow.GraphListener;
import org.jenkinsci.plugins.workflow.graph.BlockEndNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jspecify.annotations.Nullable;

/**
 * The {@code withCredentials} blocks of this controller's Pipelines that have a session, by Pipeline. Those of one
 * Pipeline are in the order in which they began, so what is further out comes first. Safe for use by several threads.
 */
@Extension
public final class BoundBlocks {
    private static final Logger LOGGER = Logger.getLogger(BoundBlocks.class.getName());

    private final Map<FlowExecution, List<Bound>> blocks = new ConcurrentHashMap<>();

    static BoundBlocks get() {
        return ExtensionList.lookupSingleton(BoundBlocks.class);
    }

    /** @param start the id of the block's beginning in the Pipeline's graph */
    record Bound(String start, BoundSession session) {}

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    /**
     * Those that a step is in, or is itself; the outermost first.
     *
     * @param node null for what is no step
     */
    List<BoundSession> around(@Nullable FlowNode node) {
        if (node == null) {
            return List.of();
        }
        List<Bound> all = blocks.getOrDefault(node.getExecution(), List.of());
        if (all.isEmpty()) {
            return List.of();
        }
        List<String> outer = node.getAllEnclosingIds();
        return all.stream()
                .filter(bound -> bound.start().equals(node.getId()) || outer.contains(bound.start()))
                .map(Bound::session)
                .toList();
    }

    void add(FlowNode start, BoundSession session) {
        blocks.merge(
                start.getExecution(),
                List.of(new Bound(start.getId(), session)),
                (before, more) -> Stream.concat(before.stream(), more.stream()).toList());
    }

    boolean has(FlowNode start, BoundSession session) {
        return blocks.getOrDefault(start.getExecution(), List.of()).contains(new Bound(start.getId(), session));
    }

    /** Forgets blocks of one Pipeline, and answers them. */
    private List<Bound> remove(FlowExecution pipeline, Predicate<Bound> which) {
        List<Bound> removed =
                blocks.getOrDefault(pipeline, List.of()).stream().filter(which).toList();
        blocks.computeIfPresent(pipeline, (same, all) -> {
            List<Bound> left =
                    all.stream().filter(bound -> !removed.contains(bound)).toList();
            return left.isEmpty() ? null : left;
        });
        return removed;
    }

    /** What people read of a build whose step has no log of its own any more, or not yet. */
    static TaskListener log(FlowExecution pipeline) {
        try {
            return pipeline.getOwner().getListener();
        } catch (IOException e) {
            return new LogTaskListener(LOGGER, Level.INFO);
        }
    }

    /**
     * A block's session ends with it. The binding has ended it, unless Jenkins did not ask it to: another binding of
     * the same step failed, or the agent is away.
     */
    @Extension
    public static final class BlocksEnd implements GraphListener {
        @Override
        public void onNewHead(FlowNode node) {
            if (!(node instanceof BlockEndNode<?> end) || !get().blocks.containsKey(node.getExecution())) {
                return;
            }
            String start = end.getStartNode().getId();
            for (Bound bound :
                    get().remove(node.getExecution(), each -> each.start().equals(start))) {
                Computer.threadPoolForRemoting.execute(
                        () -> BuildSessions.get().end(bound.session().name(), log(node.getExecution())));
            }
        }
    }

    /** Of a build that is killed no block ends. Its sessions do, with it. */
    @Extension
    public static final class BuildsEnd extends FlowExecutionListener {
        @Override
        public void onCompleted(FlowExecution pipeline) {
            get().remove(pipeline, each -> true);
        }
    }
}
