package io.jenkins.plugins.codexauth.session;

/**
 * A build that is signed in. What it gets is asked of {@link BuildSessions#variables}, so that no secret is remembered
 * with the build.
 *
 * @param session the session's name
 * @param node the agent that it is for; the built-in node's name is empty
 */
public record SignedIn(String session, String node) {}
