package io.jenkins.plugins.codexauth.account;

import io.github.codexauth.AuthJson;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.NeedsLogin;
import java.time.Instant;
import java.util.Optional;

/**
 * What may be shown of a login. Holds no secret.
 *
 * @param account fingerprint of the account and user
 * @param plan the ChatGPT plan, if the login says
 * @param lastRefresh when Codex last refreshed it
 * @param expiresAt when its access token ends, if it says
 * @param needsLogin that OpenAI refuses to refresh it, if anybody has found that out
 */
public record LoginFacts(
        String account,
        Optional<String> plan,
        Instant lastRefresh,
        Optional<Instant> expiresAt,
        Optional<NeedsLogin> needsLogin) {
    static LoginFacts of(Envelope stored) {
        return new LoginFacts(
                stored.account(), stored.plan(), stored.lastRefresh(), stored.expiresAt(), stored.needsLogin());
    }

    static LoginFacts of(AuthJson pasted) {
        return new LoginFacts(
                pasted.account().fingerprint(),
                pasted.plan(),
                pasted.lastRefresh(),
                pasted.expiresAt(),
                Optional.empty());
    }

    /** For how long nobody has refreshed it. */
    boolean isIdleSince(Instant moment) {
        return lastRefresh.isBefore(moment);
    }

    boolean endsBefore(Instant moment) {
        return expiresAt.filter(end -> end.isBefore(moment)).isPresent();
    }
}
