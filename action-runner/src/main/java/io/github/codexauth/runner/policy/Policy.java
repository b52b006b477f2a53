package io.github.codexauth.runner.policy;

import io.github.codexauth.trust.TrustPolicy;
import java.net.URI;
import java.util.List;

/**
 * What the operator says.
 *
 * @param trust the rules
 * @param jobMayWritePolicy whether it is accepted that the user who runs the job could have written this
 * @param issuers whose signed tokens prove facts, besides GitHub's own
 */
public record Policy(TrustPolicy trust, boolean jobMayWritePolicy, List<URI> issuers) {
    public Policy {
        issuers = List.copyOf(issuers);
    }
}
