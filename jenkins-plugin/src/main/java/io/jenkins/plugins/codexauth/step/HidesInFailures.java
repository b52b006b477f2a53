package io.jenkins.plugins.codexauth.step;

import io.jenkins.plugins.codexauth.agent.SessionSecrets;
import org.jenkinsci.plugins.workflow.steps.FailureHandler;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a session has out of the failures of a block's steps, and of the block: Jenkins writes them to the disk
 * with the build, and shows them on its page.
 */
final class HidesInFailures implements FailureHandler {
    private static final long serialVersionUID = 1L;

    private final String session;

    private HidesInFailures(String session) {
        this.session = session;
    }

    /** @param around what is done to failures around the block; null for nothing */
    static FailureHandler of(String session, @Nullable FailureHandler around) {
        return FailureHandler.merge(around, new HidesInFailures(session));
    }

    @Override
    public Throwable handle(StepContext step, Throwable failure) {
        return SessionSecrets.of(session).hideIn(failure);
    }
}
