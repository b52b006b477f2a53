package io.github.codexauth.login;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;

/** A login cannot be moved, since the other store has one under its name. */
public final class OccupiedException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    OccupiedException(CredentialId id) {
        super(
                "the other store has a login '" + id + "' already, which jobs may be using",
                "look at both: codex-auth status; nothing was changed");
    }
}
