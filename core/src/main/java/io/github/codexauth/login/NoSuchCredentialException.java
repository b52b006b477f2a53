package io.github.codexauth.login;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;

/** A credential that nobody has put into the store yet. */
public final class NoSuchCredentialException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    public NoSuchCredentialException(CredentialId id, String store) {
        super(
                "there is no credential '" + id + "' in " + store,
                "put a login in: codex-auth seed --id " + id + " --seed-file auth.json");
    }
}
