package io.github.codexauth.runner.job;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;

/** The stored login has ended and Codex cannot refresh it, so the job would only fail later and less clearly. Exit code 65. */
public final class LoginUnusableException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    LoginUnusableException(CredentialId id, String reason) {
        super(
                "the login of credential '" + id + "' has ended and Codex could not refresh it: " + reason,
                "if this stays so, log in again with 'codex login' on a trusted machine, then: codex-auth seed --replace --id "
                        + id + " --seed-file auth.json");
    }
}
