package io.jenkins.plugins.codexauth.trust;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.model.Job;
import hudson.model.Node;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SignInMode;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.Evidence;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.TrustDecision;
import io.github.codexauth.trust.TrustPolicy;
import io.github.codexauth.trust.TrustRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;

/** Judges builds. */
public final class BuildTrust {
    private static final String PLATFORM = "jenkins";

    private BuildTrust() {}

    /**
     * Judges a build on an agent, and writes the verdict into the audit log. Every reason against it is listed, not
     * only the first.
     *
     * <p>It may ask the job's source for the revision it trusts, so it can take as long as a network does.
     *
     * @param request what it asks for
     * @param credential the id or name that it named
     */
    public static TrustDecision judge(Run<?, ?> build, Node node, CredentialRequest request, String credential) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            TrustDecision decision = decide(build, request, obstacles(build, node, request, credential));
            AuditLog.get().record(AuditLine.of(build, nameOf(node), request, credential, decision));
            return decision;
        }
    }

    /**
     * What can be said of a build that has no agent yet, so that one that will be refused does not wait. Who is not
     * refused here is judged by {@link #judge} when there is an agent; a refusal is written into the audit log, with no
     * agent.
     *
     * @param request what it asks for
     * @param credential the id or name that it named
     */
    public static Optional<TrustDecision.Refused> refuseEarly(
            Run<?, ?> build, CredentialRequest request, String credential) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            if (!(decide(build, request, obstacles(build, request, credential))
                    instanceof TrustDecision.Refused refused)) {
                return Optional.empty();
            }
            AuditLog.get().record(AuditLine.of(build, "", request, credential, refused));
            return Optional.of(refused);
        }
    }

    private static TrustDecision decide(Run<?, ?> build, CredentialRequest request, List<Refusal> obstacles) {
        return policy().judge(
                        JobFacts.unknown(PLATFORM, build.getFullDisplayName()).withObstacles(obstacles), request);
    }

    private static String nameOf(Node node) {
        return node instanceof Jenkins ? "built-in" : node.getNodeName();
    }

    /**
     * What would be refused to every build of a job on an agent; whether its change or its credential is trusted is not
     * among it.
     */
    static List<Refusal> foresee(Job<?, ?> job, Node node) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            List<Refusal> refusals = againstAgent(job, node);
            refusals.addAll(standing(job));
            new CredentialUse(job).refusal().ifPresent(refusals::add);
            return refusals;
        }
    }

    private static List<Refusal> obstacles(Run<?, ?> build, Node node, CredentialRequest request, String credential) {
        List<Refusal> refusals = againstAgent(build.getParent(), node);
        agent(node).limited(named(build, request, credential), ids(request)).ifPresent(refusals::add);
        refusals.addAll(obstacles(build, request, credential));
        return refusals;
    }

    /** What no agent could change. */
    private static List<Refusal> obstacles(Run<?, ?> build, CredentialRequest request, String credential) {
        Job<?, ?> job = build.getParent();
        List<Refusal> refusals = standing(job);
        new ChangeTrust(job).revision(build).ifPresent(refusals::add);
        refusals.addAll(new ReplayTrust(build).refusals());
        refusals.addAll(new UpstreamTrust(build, CodexAuthConfiguration.get().allowedBots()).refusals());
        if (takesCredential(request)) {
            new CredentialUse(job).refusal(build, credential).ifPresent(refusals::add);
        }
        return refusals;
    }

    /** Workload identity is the one way of signing in that takes no credential of Jenkins. */
    private static boolean takesCredential(CredentialRequest request) {
        return request.mode() != SignInMode.WORKLOAD_IDENTITY;
    }

    private static List<Refusal> againstAgent(Job<?, ?> job, Node node) {
        List<Refusal> refusals = new ArrayList<>(agent(node).refusals());
        agent(node).closedTo(job).ifPresent(refusals::add);
        return refusals;
    }

    /** What depends neither on the build nor on the agent. */
    private static List<Refusal> standing(Job<?, ?> job) {
        List<Refusal> refusals = new ArrayList<>();
        new JobExposure(job, CodexAuthConfiguration.get().isAnonymousReadAllowed())
                .refusal()
                .ifPresent(refusals::add);
        ChangeTrust change = new ChangeTrust(job);
        change.head().ifPresent(refusals::add);
        change.author(CodexAuthConfiguration.get().allowedBots()).ifPresent(refusals::add);
        return refusals;
    }

    private static AgentTrust agent(Node node) {
        return new AgentTrust(
                node, Optional.ofNullable(CodexAuthConfiguration.get().getAgentLabels()));
    }

    /**
     * What a build named: a login, a pool or a key. The name of a credentials parameter stands for whatever was chosen.
     */
    private static String named(Run<?, ?> build, CredentialRequest request, String credential) {
        StandardCredentials key = request.ids().isEmpty() && takesCredential(request)
                ? CredentialsProvider.findCredentialById(credential, StandardCredentials.class, build, List.of())
                : null;
        return key == null ? credential : key.getId();
    }

    private static List<String> ids(CredentialRequest request) {
        return request.ids().stream().map(CredentialId::value).toList();
    }

    /** What is refused is said by the obstacles, in Jenkins' words; a build without any is allowed. */
    private static TrustPolicy policy() {
        TrustRule everyBuild = TrustRule.withoutConditions(PLATFORM, Evidence.CONTROLLER);
        return new TrustPolicy(
                "the configuration of this Jenkins", Optional.empty(), List.of(everyBuild), Map.of(), true);
    }
}
