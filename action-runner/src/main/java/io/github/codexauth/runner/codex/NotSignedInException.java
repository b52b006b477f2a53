package io.github.codexauth.runner.codex;

import io.github.codexauth.CodexAuthException;

/** A person was asked to sign in, and Codex ended without a login. Exit code 65. */
public final class NotSignedInException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    NotSignedInException(int exitCode) {
        super(
                "Codex ended without a login (its exit code was " + exitCode + "); why, it says above",
                "try it again; a workspace's administrator may have to allow device codes; or sign in where there is a"
                        + " browser, with codex login, and bring the file: --seed-file auth.json");
    }
}
