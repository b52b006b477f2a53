package io.github.codexauth.runner.oidc;

/** There is no token, or none that proves anything. Its message is half a sentence without secrets. */
final class UnprovenException extends Exception {
    private static final long serialVersionUID = 1L;

    UnprovenException(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
