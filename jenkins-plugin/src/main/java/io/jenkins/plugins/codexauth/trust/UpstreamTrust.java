package io.jenkins.plugins.codexauth.trust;

import hudson.model.Cause;
import hudson.model.Job;
import hudson.model.Run;
import io.github.codexauth.OneLine;
import io.github.codexauth.trust.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import jenkins.model.Jenkins;

/**
 * Whether a build was started by builds that might have had the credential themselves. A job that is trusted runs its
 * own script, but whoever starts it chooses its parameters, and most Jenkins let every build start every job: a fork's
 * change would only have to call {@code build 'deploy'} with words for Codex.
 *
 * <p>What other ways of starting a build are open, such as a token in an address, was decided by whoever configured the
 * job.
 */
record UpstreamTrust(Run<?, ?> build, List<String> allowedBots) {
    /** Longer chains are those of jobs that start themselves. */
    private static final int MOST_BUILDS = 100;

    private static final String START_IT = "let a person, a timer or a trusted branch start the job";

    List<Refusal> refusals() {
        List<Refusal> refusals = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        Deque<Run<?, ?>> open = new ArrayDeque<>(List.of(build));
        while (!open.isEmpty()) {
            for (Cause cause : open.remove().getCauses()) {
                if (!(cause instanceof Cause.UpstreamCause above) || !seen.add(name(above))) {
                    continue;
                }
                if (seen.size() > MOST_BUILDS) {
                    refusals.add(new Refusal(
                            "more than " + MOST_BUILDS + " builds started each other until this one came", START_IT));
                    return refusals;
                }
                judge(above, refusals, open);
            }
        }
        return refusals;
    }

    private void judge(Cause.UpstreamCause cause, List<Refusal> refusals, Deque<Run<?, ?>> open) {
        Job<?, ?> job = Jenkins.get().getItemByFullName(cause.getUpstreamProject(), Job.class);
        Run<?, ?> above = cause.getUpstreamRun();
        if (above != null) {
            open.add(above);
            against(above)
                    .forEach(refusal -> refusals.add(new Refusal(
                            "it was started by " + name(cause) + ", and there " + refusal.found(),
                            START_IT + "; or, there: " + refusal.fix())));
        } else if (job == null || new ChangeTrust(job).isAsked()) {
            refusals.add(new Refusal(
                    "it was started by " + name(cause) + ", which is gone, so whose change that was is not known",
                    START_IT));
        }
    }

    private List<Refusal> against(Run<?, ?> above) {
        ChangeTrust change = new ChangeTrust(above.getParent());
        List<Refusal> refusals = new ArrayList<>();
        change.head().ifPresent(refusals::add);
        change.author(allowedBots).ifPresent(refusals::add);
        change.revision(above).ifPresent(refusals::add);
        refusals.addAll(new ReplayTrust(above).refusals());
        return refusals;
    }

    private static String name(Cause.UpstreamCause cause) {
        return OneLine.of(cause.getUpstreamProject()) + " #" + cause.getUpstreamBuild();
    }
}
