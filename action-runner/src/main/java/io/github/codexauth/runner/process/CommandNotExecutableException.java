package io.github.codexauth.runner.process;

import io.github.codexauth.CodexAuthException;

/** The file is there and cannot be executed; a shell answers 126. */
public final class CommandNotExecutableException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    CommandNotExecutableException(String program) {
        super(program + " is not an executable file", "make it one: chmod +x " + program);
    }

    CommandNotExecutableException(String program, String reason) {
        super(
                "cannot execute " + program + ": " + reason,
                "check that it is a program for this machine: file " + program);
    }
}
