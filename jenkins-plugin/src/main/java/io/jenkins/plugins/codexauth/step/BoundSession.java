package io.jenkins.plugins.codexauth.step;

import hudson.model.InvisibleAction;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.actions.PersistentAction;

/**
 * The session that a {@code withCredentials} block has, remembered with its beginning in the Pipeline's graph: that
 * step's own files have nothing of ours but variables.
 */
final class BoundSession extends InvisibleAction implements PersistentAction {
    private final String name;
    private final String credentialsId;
    private final boolean login;

    /**
     * @param name the session's
     * @param credentialsId what was asked for
     * @param login whether that is a login, which stays on the controller
     */
    BoundSession(String name, String credentialsId, boolean login) {
        this.name = name;
        this.credentialsId = credentialsId;
        this.login = login;
    }

    String name() {
        return name;
    }

    String credentialsId() {
        return credentialsId;
    }

    boolean isLogin() {
        return login;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BoundSession bound && bound.name.equals(name);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name);
    }
}
