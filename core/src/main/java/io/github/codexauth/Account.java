package io.github.codexauth;

import java.nio.charset.StandardCharsets;

/**
 * Whose login an {@code auth.json} is: the ChatGPT workspace account and the user in it.
 *
 * @param accountId the claim {@code chatgpt_account_id}, or {@code tokens.account_id}
 * @param userId the claim {@code chatgpt_user_id}, empty when the token does not say
 */
public record Account(String accountId, String userId) {
    /**
     * Whether nothing says that these are two: the account is the same, and where both name a user, it is the same one.
     */
    public boolean mayBe(Account other) {
        return accountId.equals(other.accountId)
                && (userId.isEmpty() || other.userId.isEmpty() || userId.equals(other.userId));
    }

    /** 12 hex digits that stand for this account in logs and on pages, which need not show whose it is. */
    public String fingerprint() {
        return Sha256.fingerprint((accountId + '\n' + userId).getBytes(StandardCharsets.UTF_8));
    }
}
