package io.github.codexauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A secret that does not print itself. Immutable and safe for use by several threads.
 *
 * <p>{@link #toString()} gives {@code ****}. {@link #reveal()} is the only way to the value, so a search for
 * its callers finds every place where a secret leaves our hands.
 */
public final class SecretText {
    private final String value;

    private SecretText(String value) {
        this.value = value;
    }

    /**
     * Wraps a secret.
     *
     * @throws IllegalArgumentException if the value is empty; an empty secret is always a mistake, and as a log
     *     mask it would hide everything
     */
    public static SecretText of(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a secret cannot be empty");
        }
        return new SecretText(value);
    }

    /** The secret itself. */
    public String reveal() {
        return value;
    }

    /**
     * The first 12 hex digits of the secret's SHA-256: enough to tell two tokens apart, useless for guessing a
     * token, since tokens are long and random.
     */
    public String fingerprint() {
        return Sha256.fingerprint(bytes());
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SecretText that && MessageDigest.isEqual(bytes(), that.bytes());
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "****";
    }

    private byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
