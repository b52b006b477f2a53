package io.github.codexauth.runner.network;

/**
 * A variable names a proxy that cannot be used. Its message is half a sentence without the value, which may hold a
 * password.
 */
public final class UnusableProxyException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableProxyException(String reason) {
        super(reason);
    }
}
