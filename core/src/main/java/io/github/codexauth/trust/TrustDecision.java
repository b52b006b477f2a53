package io.github.codexauth.trust;

public sealed interface TrustDecision {
    record Trusted() implements TrustDecision {
        public void require(io.github.codexauth.CredentialId id) {}
    }
}
