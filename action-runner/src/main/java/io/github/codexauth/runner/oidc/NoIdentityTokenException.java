package io.github.codexauth.runner.oidc;

import io.github.codexauth.CodexAuthException;
import java.io.Serial;

/** The CI system gives the job no token by which it could sign in. */
public final class NoIdentityTokenException extends CodexAuthException {
    @Serial
    private static final long serialVersionUID = 1L;

    NoIdentityTokenException(String reason, String hint) {
        super("there is no identity token to sign in with: " + reason, hint);
    }
}
