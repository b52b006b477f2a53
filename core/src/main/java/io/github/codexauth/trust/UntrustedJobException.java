package io.github.codexauth.trust;

import io.github.codexauth.CodexAuthException;
import java.util.List;

/** The policy refuses this job. Nothing was read and nothing was taken. */
public final class UntrustedJobException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    private final transient List<Refusal> refusals;

    public UntrustedJobException(TrustDecision.Refused refused) {
        super(
                String.join("; ", refused.reasons().stream().map(Refusal::found).toList()),
                refused.reasons().get(0).fix());
        this.refusals = refused.reasons();
    }

    /** Every reason. */
    public List<Refusal> refusals() {
        return refusals;
    }
}
