package io.github.codexauth.handover;

import io.github.codexauth.AuthJson;
import io.github.codexauth.store.NeedsLogin;

/** Where a session's Codex gets the next access token from. Safe for use by several threads. */
public interface AccessTokens {
    /** What came of asking. */
    sealed interface Supply {}

    /**
     * A login that is durable in its store.
     *
     * @param generation tells this state from those before it
     */
    record Granted(AuthJson login, long generation) implements Supply {}

    /** OpenAI will not refresh the login again, and the store knows. */
    record Ended(NeedsLogin needs) implements Supply {}

    /** There is none now, and the login may be healthy all the same. */
    record Unavailable(String reason) implements Supply {}

    /**
     * The state that follows one which has ended or was refused. Waits while somebody refreshes.
     *
     * @param generation the one that the asker has
     */
    Supply after(long generation) throws InterruptedException;
}
