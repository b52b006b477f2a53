package io.github.codexauth.trust;

import io.github.codexauth.CredentialId;
import io.github.codexauth.SignInMode;
import java.util.List;

/**
 * What a job asks for. The verdict needs no secret, so none is here.
 *
 * @param mode the way of signing in
 * @param ids the stored credentials it would take one of; empty for a credential that the job brings
 * @param shared whether it would use the credential beside other jobs
 */
public record CredentialRequest(SignInMode mode, List<CredentialId> ids, boolean shared) {
    public CredentialRequest {
        ids = List.copyOf(ids);
    }

    /** For a job that has what it asks for to itself. */
    public CredentialRequest(SignInMode mode, List<CredentialId> ids) {
        this(mode, ids, false);
    }
}
