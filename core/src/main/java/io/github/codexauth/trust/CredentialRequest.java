package io.github.codexauth.trust;

import io.github.codexauth.CredentialId;
import java.util.List;

/**
 * What a job asks for. The verdict needs no secret, so none is here.
 *
 * @param mode the way of signing in, as people know it
 * @param ids the stored credentials it would take one of; empty for a credential that the job brings
 */
public record CredentialRequest(String mode, List<CredentialId> ids) {
    public CredentialRequest {
        ids = List.copyOf(ids);
    }
}
