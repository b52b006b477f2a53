package io.github.codexauth.runner.policy;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.oidc.SignedFacts;
import io.github.codexauth.runner.platform.Platforms;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.TrustPolicy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges the job that this process is part of, before any credential is touched. */
public final class TrustCheck {
    private final Map<String, String> environment;
    private final Clock clock;
    private final Path usualPolicy;

    /** @param usualPolicy where an operator leaves the policy unless told otherwise */
    public TrustCheck(Map<String, String> environment, Clock clock, Path usualPolicy) {
        this.environment = environment;
        this.clock = clock;
        this.usualPolicy = usualPolicy;
    }

    /**
     * Judges the job.
     *
     * @param explicitPolicy a policy file that was named
     * @throws InvalidPolicyException if the policy cannot be relied on
     */
    public Verdict judge(CredentialRequest request, Optional<Path> explicitPolicy) throws CodexAuthException {
        PolicyFile.Loaded loaded = PolicyFile.load(explicitPolicy, usualPolicy);
        Policy policy = loaded.policy();
        JobFacts facts = Platforms.read(environment);
        if (loaded.writable() && !policy.jobMayWritePolicy()) {
            facts = withObstacle(facts, policy);
        }
        if (policy.requiresSignature(facts.platform())) {
            facts = new SignedFacts(environment, clock, policy.issuers(facts.platform())).prove(facts);
        }
        TrustPolicy trust = policy.trust();
        return Verdict.of(facts, trust.name(), trust.machine(), trust.judge(facts, request));
    }

    private static JobFacts withObstacle(JobFacts facts, Policy policy) {
        List<Refusal> obstacles = new ArrayList<>(facts.obstacles());
        obstacles.add(new Refusal(
                "this job runs as a user who could change the policy "
                        + policy.trust().name(),
                "run jobs as another user than the policy's owner; or, where operator and jobs are one user on purpose,"
                        + " add to the policy: job-may-write-policy: true"));
        return facts.withObstacles(obstacles);
    }
}
