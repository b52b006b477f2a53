package io.github.codexauth.trust;

import java.util.List;
import java.util.Optional;

/**
 * What the operator says of one credential.
 *
 * @param repositories whose jobs may have it; empty for those of every job that a rule allows
 * @param shared whether several jobs at once may use it, none of which has its refresh token
 */
public record CredentialTerms(Optional<List<NamePattern>> repositories, boolean shared) {
    /** Of a credential of which nothing is said. */
    static final CredentialTerms USUAL = new CredentialTerms(Optional.empty(), false);

    public CredentialTerms {
        repositories = repositories.map(List::copyOf);
    }
}
