package io.jenkins.plugins.codexauth.step;

import hudson.Extension;
import hudson.console.ConsoleLogFilter;
import hudson.model.AbstractBuild;
import hudson.model.BuildableItemWithBuildWrappers;
import hudson.model.Run;
import io.jenkins.plugins.codexauth.agent.SessionLogFilter;
import java.io.OutputStream;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.jspecify.annotations.Nullable;

/** Hides what a binding's session has in the log of a Freestyle build, which is opened before. */
@Extension(optional = true)
public final class BoundFreestyleLog extends ConsoleLogFilter {
    @Override
    public OutputStream decorateLogger(Run build, OutputStream logger) {
        return build instanceof AbstractBuild<?, ?> freestyle && hasBinding(freestyle)
                ? new SessionLogFilter(FreestyleSession.hidingBound(freestyle)).decorateLogger(build, logger)
                : logger;
    }

    private static boolean hasBinding(AbstractBuild<?, ?> build) {
        return build.getProject() instanceof BuildableItemWithBuildWrappers job
                && isAmong(job.getBuildWrappersList().get(SecretBuildWrapper.class));
    }

    /** A method that names the plugin's class: without that plugin Jenkins leaves this filter out. */
    private static boolean isAmong(@Nullable SecretBuildWrapper bindings) {
        return bindings != null && bindings.getBindings().stream().anyMatch(CodexAuthBinding.class::isInstance);
    }
}
