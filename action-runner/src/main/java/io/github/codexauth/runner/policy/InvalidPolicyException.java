package io.github.codexauth.runner.policy;

import io.github.codexauth.CodexAuthException;
import java.nio.file.Path;

/** A policy file that is not what it should be, or that somebody else could have written. Exit code 78. */
public final class InvalidPolicyException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    InvalidPolicyException(String problem, String hint) {
        super(problem, hint);
    }

    static InvalidPolicyException at(Path file, Node node, String problem, String hint) {
        return new InvalidPolicyException(
                file + ", line " + node.line() + ", column " + node.column() + ": " + problem, hint);
    }
}
