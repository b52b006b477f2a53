package io.github.codexauth.runner.policy;

import io.github.codexauth.trust.Evidence;
import io.github.codexauth.trust.TrustPolicy;
import io.github.codexauth.trust.TrustRule;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the operator says.
 *
 * @param trust the rules
 * @param jobMayWritePolicy whether it is accepted that the user who runs the job could have written this
 */
public record Policy(TrustPolicy trust, boolean jobMayWritePolicy) {
    /** Whether any rule for a CI system asks for signed facts. */
    boolean requiresSignature(String platform) {
        return signedRules(platform).findAny().isPresent();
    }

    /** Whose signature counts for jobs of a CI system, by any rule; each rule then looks for its own. */
    List<URI> issuers(String platform) {
        return signedRules(platform)
                .flatMap(rule -> rule.pins().issuers().stream())
                .distinct()
                .map(URI::create)
                .toList();
    }

    private Stream<TrustRule> signedRules(String platform) {
        return trust.rules().stream()
                .filter(rule -> rule.platform().equals(platform) && rule.required() == Evidence.SIGNED);
    }
}
