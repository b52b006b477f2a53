package io.github.codexauth.store;

import io.github.codexauth.SecretText;

/**
 * An age X25519 key pair.
 *
 * @param recipient {@code age1…}: public, encrypts
 * @param identity {@code AGE-SECRET-KEY-1…}: decrypts
 */
public record AgeKeyPair(String recipient, SecretText identity) {}
