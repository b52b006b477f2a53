package io.github.codexauth.store;

import io.github.codexauth.OneLine;

/**
 * A login that must not take the stored one's place and may be somebody's only one, as it is kept beside it. No job is
 * ever given it. Who found it, and when, is in its envelope.
 *
 * @param refreshToken the fingerprint of its refresh token: its name, so that one login lies there once
 * @param reason why it is not the stored one, for people; made one line
 * @param record sealed as every record is
 */
public record StrayRecord(String refreshToken, String reason, CredentialRecord record) {
    private static final int LONGEST_REASON = 200;

    /** @throws IllegalArgumentException if the name is no fingerprint */
    public StrayRecord {
        if (!isName(refreshToken)) {
            throw new IllegalArgumentException("no fingerprint of a refresh token");
        }
        reason = OneLine.of(reason, LONGEST_REASON);
    }

    /** Whether this could be the name of one. */
    public static boolean isName(String word) {
        return word.matches("[0-9a-f]{8,64}");
    }
}
