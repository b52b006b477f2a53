package io.github.codexauth.session;

import java.time.Instant;

/** What came of refreshing a login before its job. */
public sealed interface RefreshOutcome {
    /** The access token lasts for the job, or does not say how long it lasts. */
    record NotDue() implements RefreshOutcome {}

    /** Codex refreshed the login, and it is in the store. */
    record Refreshed() implements RefreshOutcome {}

    /**
     * Codex did not refresh it.
     *
     * @param reason what Codex said, without secrets
     * @param expiresAt when the access token ends, or ended
     * @param usable whether that lies ahead, so that a short job may still run
     */
    record Failed(String reason, Instant expiresAt, boolean usable) implements RefreshOutcome {}
}
