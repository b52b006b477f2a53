package io.jenkins.plugins.codexauth.agent;

/**
 * Where an agent gets the next access token of a session whose login stays on the controller: an object of the
 * controller's, called through the channel.
 */
public interface TokenSource {
    /**
     * The state that follows one which has ended or was refused. Waits while it is refreshed.
     *
     * @param generation the one that the session's Codex has
     */
    TokenAnswer after(long generation);
}
