package io.github.codexauth.runner.policy;

import io.github.codexauth.trust.Evidence;
import io.github.codexauth.trust.TrustPolicy;
import io.github.codexauth.trust.TrustRule;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the operator says.
 *
 * @param trust the rules
 * @param jobMayWritePolicy whether it is accepted that the user who runs the job could have written this
 */
public record Policy(TrustPolicy trust, boolean jobMayWritePolicy) {
    /** Whether any rule for a CI system asks for signed facts. */
    boolean requiresSignature(String platform) {
        return !signedRules(platform).isEmpty();
    }

    /** Whose signature counts for jobs of a CI system, by any rule; each rule then looks for its own. */
    List<URI> issuers(String platform) {
        Set<URI> issuers = new LinkedHashSet<>();
        for (TrustRule rule : signedRules(platform)) {
            for (String issuer : rule.pins().issuers()) {
                issuers.add(URI.create(issuer));
            }
        }
        return List.copyOf(issuers);
    }

    private List<TrustRule> signedRules(String platform) {
        List<TrustRule> signed = new ArrayList<>();
        for (TrustRule rule : trust.rules()) {
            if (rule.platform().equals(platform) && rule.required() == Evidence.SIGNED) {
                signed.add(rule);
            }
        }
        return signed;
    }
}
