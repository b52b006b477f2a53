package io.jenkins.plugins.codexauth.step;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jspecify.annotations.Nullable;

/** The blocks of this controller's builds that began without an agent. Safe for use by several threads. */
@Extension
public final class AwaitedLogins {
    private final Map<String, Block> blocks = new ConcurrentHashMap<>();

    static AwaitedLogins get() {
        return ExtensionList.lookupSingleton(AwaitedLogins.class);
    }

    /** @param id of the block's beginning in the Pipeline's graph */
    private record Block(FlowExecution pipeline, String id, AwaitedLogin login) {
        boolean isAround(FlowNode node) {
            return node.getExecution().equals(pipeline)
                    && node.getAllEnclosingIds().contains(id);
        }
    }

    /** @param start the block's beginning in the Pipeline's graph */
    void add(String session, FlowNode start, AwaitedLogin login) {
        blocks.put(session, new Block(start.getExecution(), start.getId(), login));
    }

    /** Ends a block. Does nothing if there is none with this session. */
    void end(String session) {
        Block ended = blocks.remove(session);
        if (ended != null) {
            ended.login().end();
        }
    }

    Optional<AwaitedLogin> of(String session) {
        return Optional.ofNullable(blocks.get(session)).map(Block::login);
    }

    boolean isAwaited(String session, CodexAccount account) {
        return of(session).filter(login -> login.isFor(account)).isPresent();
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    /** Whether a build has such a block. */
    boolean isAnyOf(Queue.@Nullable Executable build) {
        return blocks.values().stream().anyMatch(block -> block.login().isOf(build));
    }

    /** Those of the blocks around a step. */
    List<AwaitedLogin> around(FlowNode node) {
        return blocks.values().stream()
                .filter(block -> block.isAround(node))
                .map(Block::login)
                .toList();
    }

    /** Builds can be ended without their blocks having ended: they are killed. */
    @Extension
    public static final class BuildsEnd extends RunListener<Run<?, ?>> {
        @Override
        public void onFinalized(Run<?, ?> build) {
            if (build instanceof Queue.Executable executable) {
                get().blocks.forEach((session, block) -> {
                    if (block.login().isOf(executable)) {
                        get().end(session);
                    }
                });
            }
        }
    }
}
