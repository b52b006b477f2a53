package io.github.codexauth.broker;

import io.github.codexauth.CodexAuthException;
import java.io.Serial;

/** A credential would be sent to a server in a way in which others can read it. */
public final class UnsafeUpstreamException extends CodexAuthException {
    @Serial
    private static final long serialVersionUID = 1L;

    UnsafeUpstreamException(String setting) {
        super(
                setting + " in Codex's settings is no https:// address, and the credential would be read on the way",
                "give it an https:// address; plain http is for this machine alone (127.0.0.1)");
    }
}
