package io.jenkins.plugins.codexauth.lease;

/** Knows whether the owner of a turn still lives. */
@FunctionalInterface
public interface Owners {
    /**
     * Whether it does. Asked when somebody waits, and when the controller starts.
     *
     * @param owner as {@link Turn#owner()} names it
     */
    boolean isAlive(String owner);
}
