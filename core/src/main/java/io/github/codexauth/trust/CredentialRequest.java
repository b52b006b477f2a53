package io.github.codexauth.trust;

import io.github.codexauth.CredentialId;
import io.github.codexauth.SignInMode;
import java.util.List;

/**
 * What a job asks for. The verdict needs no secret, so none is here.
 *
 * @param mode the way of signing in
 * @param ids the stored credentials it would take one of; empty for a credential that the job brings
 */
public record CredentialRequest(SignInMode mode, List<CredentialId> ids) {
    public CredentialRequest {
        ids = List.copyOf(ids);
    }
}
