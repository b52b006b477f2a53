package io.github.codexauth.session;

import io.github.codexauth.codex.Diagnosis;
import io.github.codexauth.store.NeedsLogin;
import java.time.Instant;

/** What came of refreshing a login before its job. */
public sealed interface RefreshOutcome {
    /** The access token lasts for the job, or does not say how long it lasts. */
    record NotDue() implements RefreshOutcome {}

    /** Codex refreshed the login, and it is in the store. */
    record Refreshed() implements RefreshOutcome {}

    /** OpenAI will not refresh it again, and the store knows. */
    record Dead(NeedsLogin needs) implements RefreshOutcome {}

    /**
     * Codex did not refresh it, and the login may be healthy all the same.
     *
     * @param why what stood in the way
     * @param expiresAt when the access token ends, or ended
     * @param usable whether that lies ahead, so that a short job may still run
     */
    record Failed(Diagnosis.Hindered why, Instant expiresAt, boolean usable) implements RefreshOutcome {}
}
