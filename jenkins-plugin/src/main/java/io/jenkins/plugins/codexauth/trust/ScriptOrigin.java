package io.jenkins.plugins.codexauth.trust;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Run;
import java.util.OptionalInt;
import org.jenkinsci.plugins.pipeline.modeldefinition.causes.RestartDeclarativePipelineCause;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayCause;

/** A way in which a build gets the unchanged script of another build of its job. */
abstract class ScriptOrigin implements ExtensionPoint {
    /** The number of the build whose script it is; empty if the build did not get it in this way. */
    abstract OptionalInt originOf(Run<?, ?> build);

    /** The same for all ways. */
    static OptionalInt find(Run<?, ?> build) {
        return ExtensionList.lookup(ScriptOrigin.class).stream()
                .map(way -> way.originOf(build))
                .filter(OptionalInt::isPresent)
                .findFirst()
                .orElseGet(OptionalInt::empty);
    }

    /** "Rebuild", where it is Pipeline's own. */
    @Extension
    public static final class Rebuild extends ScriptOrigin {
        @Override
        OptionalInt originOf(Run<?, ?> build) {
            ReplayCause cause = build.getCause(ReplayCause.class);
            return cause != null && cause.isRebuilt() ? OptionalInt.of(cause.getOriginalNumber()) : OptionalInt.empty();
        }
    }

    /** "Restart from Stage", of a plugin that need not be there. */
    @Extension(optional = true)
    public static final class Restart extends ScriptOrigin {
        @Override
        OptionalInt originOf(Run<?, ?> build) {
            RestartDeclarativePipelineCause cause = build.getCause(RestartDeclarativePipelineCause.class);
            return cause == null ? OptionalInt.empty() : OptionalInt.of(cause.getOriginRunNumber());
        }
    }
}
