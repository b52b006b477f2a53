package io.github.codexauth.runner.policy;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.network.Authorities;
import io.github.codexauth.runner.network.CaBundle;
import io.github.codexauth.runner.oidc.SignedFacts;
import io.github.codexauth.runner.platform.Platforms;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.TrustPolicy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Judges the job that this process is part of, before any credential is touched. */
public final class TrustCheck {
    private final Map<String, String> environment;
    private final Clock clock;
    private final Path machinePolicy;

    /** @param machinePolicy where the operator of a machine leaves its policy; no variable of a job decides that */
    public TrustCheck(Map<String, String> environment, Clock clock, Path machinePolicy) {
        this.environment = environment;
        this.clock = clock;
        this.machinePolicy = machinePolicy;
    }

    /**
     * Judges the job by the machine's policy and by one that was named, which both have to allow it.
     *
     * @param named a policy file that somebody named
     * @throws InvalidPolicyException if a policy cannot be relied on
     */
    public Verdict judge(CredentialRequest request, Optional<Path> named) throws CodexAuthException {
        JobFacts declared = Platforms.read(environment);
        boolean outsideOfCi = declared.platform().equals(Platforms.NONE);
        Optional<Verdict> whole = Optional.empty();
        for (PolicyFile.Loaded loaded : PolicyFile.load(named, machinePolicy, outsideOfCi)) {
            Verdict next = judge(request, declared, loaded);
            whole = Optional.of(whole.map(floor -> floor.narrowedBy(next)).orElse(next));
        }
        return whole.orElseThrow();
    }

    private Verdict judge(CredentialRequest request, JobFacts declared, PolicyFile.Loaded loaded) {
        Policy policy = loaded.policy();
        JobFacts facts = loaded.doubt().map(declared::withObstacle).orElse(declared);
        if (policy.requiresSignature(facts.platform())) {
            facts = new SignedFacts(environment, clock, policy.issuers(facts.platform()), authorities(policy))
                    .prove(facts);
        }
        TrustPolicy trust = policy.trust();
        return Verdict.of(facts, trust.name(), trust.machine(), trust.judge(facts, request));
    }

    /**
     * A job that could choose whom we believe could sign its own facts. So a bundle that its variables name counts only if it is the
     * operator's work, unless operator and job are one on purpose.
     */
    private Authorities authorities(Policy policy) {
        return CaBundle.in(environment)
                .map(bundle -> policy.jobMayWritePolicy() || PolicyOwnership.isOperators(bundle.file())
                        ? Authorities.with(bundle)
                        : Authorities.without(bundle))
                .orElse(Authorities.USUAL);
    }
}
