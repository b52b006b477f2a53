package io.github.codexauth.store;

import java.util.Optional;

/**
 * Which refresh token a generation has, and which one it was refreshed from: by this it is known which of two
 * generations follows from the other, whoever holds the lease and whatever the numbers say. A refresh token works once.
 *
 * <p>Plain prefixes of a SHA-256, as {@code SecretText.fingerprint()} gives them: refresh tokens are long and random,
 * so that nobody can guess one by its hash, and a key for the hash would have to be on every machine.
 *
 * @param token the fingerprint of its refresh token
 * @param predecessor that of the generation that it follows; empty for a login that a person put in
 */
public record Descent(String token, Optional<String> predecessor) {
    /** Of a login that a person put in. */
    public static Descent first(String token) {
        return new Descent(token, Optional.empty());
    }

    /** Of one that Codex refreshed. */
    public static Descent of(String token, String predecessor) {
        return new Descent(token, Optional.of(predecessor));
    }
}
