package io.github.codexauth.runner.codex;

import io.github.codexauth.CodexAuthException;

/** Something was asked for that only Codex can do, and there is none. Exit code 78. */
public final class NoCodexException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    public NoCodexException() {
        super(
                "a login can only be refreshed by Codex, which cannot be run here",
                "install it: npm install -g @openai/codex; what is missing shows: codex-auth doctor");
    }
}
