package io.jenkins.plugins.codexauth.trust;

import hudson.model.Node;
import hudson.model.Run;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.Evidence;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.TrustDecision;
import io.github.codexauth.trust.TrustPolicy;
import io.github.codexauth.trust.TrustRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges builds. */
public final class BuildTrust {
    private static final String PLATFORM = "jenkins";

    private BuildTrust() {}

    /**
     * Judges a build on an agent. Every reason against it is listed, not only the first.
     *
     * @param request what it asks for
     * @param credential the id or name that it named
     */
    public static TrustDecision judge(Run<?, ?> build, Node node, CredentialRequest request, String credential) {
        JobFacts facts = JobFacts.unknown(PLATFORM, build.getFullDisplayName()).withObstacles(obstacles(build, node));
        return policy().judge(facts, request);
    }

    private static List<Refusal> obstacles(Run<?, ?> build, Node node) {
        return List.of();
    }

    /** What is refused is said by the obstacles, in Jenkins' words; a build without any is allowed. */
    private static TrustPolicy policy() {
        TrustRule everyBuild = new TrustRule(
                PLATFORM,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                Evidence.CONTROLLER);
        return new TrustPolicy(
                "the configuration of this Jenkins", Optional.empty(), List.of(everyBuild), Map.of(), true);
    }
}
