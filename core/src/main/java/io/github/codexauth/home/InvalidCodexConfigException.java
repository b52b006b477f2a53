package io.github.codexauth.home;

import io.github.codexauth.CodexAuthException;

/** A config.toml to bring along that cannot be read, or that contradicts what keeps the credential safe. */
public final class InvalidCodexConfigException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    InvalidCodexConfigException(String problem, String hint) {
        super(problem, hint);
    }
}
