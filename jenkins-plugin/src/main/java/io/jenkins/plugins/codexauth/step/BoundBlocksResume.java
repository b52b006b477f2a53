package io.jenkins.plugins.codexauth.step;

import com.google.common.util.concurrent.ListenableFuture;
import hudson.Extension;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionListener;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousResumeNotSupportedException;

/**
 * Takes the sessions of {@code withCredentials} blocks up after a restart of the controller: the step itself is asked
 * for nothing then. Comes before the steps inside go on, and write to the log.
 */
@Extension(ordinal = 100)
public final class BoundBlocksResume extends FlowExecutionListener {
    private static final Logger LOGGER = Logger.getLogger(BoundBlocksResume.class.getName());

    @Override
    public void onResumed(FlowExecution pipeline) {
        ListenableFuture<List<StepExecution>> running = pipeline.getCurrentExecutions(false);
        running.addListener(() -> resume(running), Runnable::run);
    }

    private static void resume(Future<List<StepExecution>> running) {
        try {
            for (StepExecution step : running.get()) {
                FlowNode node = step.getContext().get(FlowNode.class);
                if (node != null) {
                    node.getActions(BoundSession.class).forEach(session -> resume(step, node, session));
                }
            }
        } catch (ExecutionException | IOException e) {
            LOGGER.log(Level.WARNING, "which steps of a Pipeline are signed in is not known", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void resume(StepExecution step, FlowNode node, BoundSession session) {
        BoundBlocks.get().add(node, session);
        Computer.threadPoolForRemoting.execute(() -> {
            TaskListener log = BoundBlocks.log(node.getExecution());
            if (!BuildSessions.get().resume(session.name(), log)) {
                leaveQueue(node.getExecution(), session);
            }
            if (node.getExecution().isCurrentHead(node)) {
                // The block has not begun, and never will.
                BuildSessions.get().end(session.name(), log);
                step.getContext().onFailure(new SynchronousResumeNotSupportedException(step.getContext()));
            } else if (!BoundBlocks.get().has(node, session)) {
                BuildSessions.get().end(session.name(), log);
            }
        });
    }

    /** A place in the line that nobody waits at would keep back the same build's next attempt. */
    private static void leaveQueue(FlowExecution pipeline, BoundSession session) {
        try {
            if (session.isLogin() && pipeline.getOwner().getExecutable() instanceof Run<?, ?> build) {
                Accounts.find(build, session.credentialsId())
                        .ifPresent(account -> account.store().leave(account.id(), session.name()));
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "a build that was interrupted keeps its place in a queue until it ends", e);
        }
    }
}
