package io.github.codexauth.runner.policy;

import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.Signature;
import io.github.codexauth.trust.TrustDecision;
import io.github.codexauth.trust.UntrustedJobException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What came of judging a job.
 *
 * @param facts what was known
 * @param policy what judged it: a file, two of them, or {@code the default policy}
 * @param machine the name that the policy gives this machine
 * @param signatures who signed facts; a token among them that counts once still has to be used up
 */
public record Verdict(
        JobFacts facts, String policy, Optional<String> machine, TrustDecision decision, List<Signature> signatures) {
    public Verdict {
        signatures = List.copyOf(signatures);
    }

    static Verdict of(JobFacts facts, String policy, Optional<String> machine, TrustDecision decision) {
        List<Signature> signatures =
                facts.signature().isPresent() ? List.of(facts.signature().get()) : List.of();
        return new Verdict(facts, policy, machine, decision, signatures);
    }

    /** Whether the job may have what was asked for. */
    public boolean isTrusted() {
        return decision instanceof TrustDecision.Trusted;
    }

    /**
     * The proof that the job may have what was asked for.
     *
     * @throws UntrustedJobException if it may not
     */
    public TrustDecision.Trusted require() throws UntrustedJobException {
        if (decision instanceof TrustDecision.Trusted proof) {
            return proof;
        }
        throw new UntrustedJobException((TrustDecision.Refused) decision);
    }

    /** The verdict of this policy and of another one, which can only take away from it. */
    Verdict narrowedBy(Verdict other) {
        return new Verdict(
                facts,
                policy + " and " + other.policy,
                machine,
                decision.and(other.decision),
                Stream.concat(signatures.stream(), other.signatures.stream())
                        .distinct()
                        .toList());
    }
}
