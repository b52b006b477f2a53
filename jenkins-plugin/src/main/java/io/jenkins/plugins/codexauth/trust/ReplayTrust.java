package io.jenkins.plugins.codexauth.trust;

import hudson.model.AbstractItem;
import hudson.model.Cause;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.AccessControlled;
import io.github.codexauth.OneLine;
import io.github.codexauth.trust.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import jenkins.scm.api.SCMNavigatorOwner;
import jenkins.scm.api.SCMSourceOwner;
import org.jenkinsci.plugins.workflow.cps.CpsFlowFactoryAction2;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayCause;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.AuthenticationException;

/**
 * Whether a build runs the script that its job says, or one that came from a user who may change the job anyway.
 *
 * <p>Replays bring a script of their own, and need no more than Run/Replay. A build that was restarted or rebuilt has
 * the script of another one, which may have been such a replay.
 */
record ReplayTrust(Run<?, ?> build) {
    private static final String ANEW = "start the job anew";

    List<Refusal> refusals() {
        List<Refusal> refusals = new ArrayList<>();
        Run<?, ?> run = build;
        while (bringsScript(run)) {
            judge(run).ifPresent(refusals::add);
            OptionalInt origin = ScriptOrigin.find(run);
            if (origin.isEmpty()) {
                if (run.getCause(ReplayCause.class) == null) {
                    refusals.add(new Refusal("where the script of " + describe(run) + " is from is not known", ANEW));
                }
                return refusals;
            }
            run = run.getParent().getBuildByNumber(origin.getAsInt());
            if (run == null) {
                refusals.add(new Refusal(
                        "the build repeats #" + origin.getAsInt()
                                + ", which is gone, so whose script it runs is not known",
                        ANEW));
                return refusals;
            }
        }
        return refusals;
    }

    private static boolean bringsScript(Run<?, ?> run) {
        return run.getCause(ReplayCause.class) != null || run.getAction(CpsFlowFactoryAction2.class) != null;
    }

    private Optional<Refusal> judge(Run<?, ?> run) {
        Cause.UserIdCause cause = run.getCause(Cause.UserIdCause.class);
        String user = cause == null ? null : cause.getUserId();
        if (user != null && mayConfigure(user)) {
            return Optional.empty();
        }
        return Optional.of(new Refusal(
                describe(run) + " is a replay or restart by "
                        + (user == null ? "somebody unknown" : "'" + OneLine.of(user) + "'")
                        + ", who may not configure the job, and its script need not be the job's",
                ANEW + ", or let a user with Job/Configure do the replay"));
    }

    private String describe(Run<?, ?> run) {
        return run == build ? "the build" : "#" + run.getNumber() + ", which the build repeats,";
    }

    private boolean mayConfigure(String id) {
        User user = User.getById(id, false);
        try {
            return user != null && whereScriptsAreChosen().getACL().hasPermission2(user.impersonate2(), Item.CONFIGURE);
        } catch (AuthenticationException unknownToTheRealm) {
            return false;
        }
    }

    /**
     * The item whose configuration says which scripts run. Nobody may configure what a branch source or an organization
     * makes.
     */
    private AccessControlled whereScriptsAreChosen() {
        AbstractItem item = build.getParent();
        ItemGroup<?> parent = item.getParent();
        while (parent instanceof AbstractItem above && makesItems(above)) {
            item = above;
            parent = above.getParent();
        }
        return item;
    }

    private static boolean makesItems(@Nullable Object group) {
        return group instanceof SCMSourceOwner || group instanceof SCMNavigatorOwner;
    }
}
