package io.github.codexauth.runner.job;

import io.github.codexauth.CodexAuthException;
import java.io.Serial;

/** A credential that Codex itself has to have, since it signs with it instead of sending it. */
public final class NotBrokeredException extends CodexAuthException {
    @Serial
    private static final long serialVersionUID = 1L;

    NotBrokeredException() {
        super(
                "with --give nothing the access token has to be one that begins with at-; with any other kind Codex"
                        + " signs its requests itself",
                "create such a token in the workspace's settings; or, where Codex's sandbox works: --give all");
    }
}
