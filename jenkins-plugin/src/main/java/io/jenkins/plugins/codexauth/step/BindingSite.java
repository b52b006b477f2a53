package io.jenkins.plugins.codexauth.step;

import io.github.codexauth.CodexAuthException;
import java.io.IOException;
import java.util.Map;

/** Where a binding of credentials is: what Pipelines and Freestyle jobs do differently. */
interface BindingSite extends SignInAttempt.Whereabouts, BlockingEntrance.Neighbours {
    /**
     * A name for the session.
     *
     * @throws CodexAuthException if it may have no login here
     */
    String nameSession(Request.Kind kind) throws CodexAuthException;

    /** The session is about to begin. From now on what it has is hidden in the block's output. */
    void begin(BoundSession session) throws IOException, InterruptedException;

    /** What the block has otherwise. */
    Map<String, String> environment() throws IOException, InterruptedException;
}
