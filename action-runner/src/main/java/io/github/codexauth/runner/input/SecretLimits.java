package io.github.codexauth.runner.input;

/** How much is read of what should be small, in bytes. */
public final class SecretLimits {
    /** Keys, tokens and age identities. */
    public static final int TOKEN = 64 * 1024;

    /**
     * A seed may be a little longer than what is accepted as one, so that the message can say what is wrong with it.
     */
    public static final int SEED = 8 * 1024 * 1024;

    /** A config.toml. */
    public static final int CONFIG = 1024 * 1024;

    private SecretLimits() {}
}
