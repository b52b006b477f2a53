package io.jenkins.plugins.codexauth.session;

/**
 * A login whose newest state may lie on an agent that is away.
 *
 * @param place the full name of the folder whose credential it is, empty for Jenkins itself
 * @param credential its id
 * @param agent what to call the agent
 * @param build who had it
 */
public record LeftBehind(String place, String credential, String agent, String build) {}
