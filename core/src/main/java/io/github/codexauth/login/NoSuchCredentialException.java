package io.github.codexauth.login;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;

/** A credential that nobody has put into the store yet. */
public final class NoSuchCredentialException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    public NoSuchCredentialException(CredentialId id, String store) {
        this("there is no credential '" + id + "' in " + store, id.value());
    }

    private NoSuchCredentialException(String problem, String id) {
        super(problem, "put a login in: codex-auth seed --id " + id + " --seed-file auth.json");
    }

    /** A pool that has no credential; its name alone may be as long as an id can be. */
    public static NoSuchCredentialException inPool(CredentialId name, String store) {
        return new NoSuchCredentialException(
                "there is no credential of the pool '" + name + "' in " + store, name + ".1");
    }
}
