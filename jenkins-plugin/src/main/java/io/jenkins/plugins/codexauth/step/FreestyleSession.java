package io.jenkins.plugins.codexauth.step;

import hudson.model.AbstractBuild;
import hudson.model.InvisibleAction;
import io.github.codexauth.login.SessionId;

/** The name of a Freestyle build's session, from the moment its log is opened. */
final class FreestyleSession extends InvisibleAction {
    private final String session;

    private FreestyleSession(String session) {
        this.session = session;
    }

    static String of(AbstractBuild<?, ?> build) {
        FreestyleSession found = build.getAction(FreestyleSession.class);
        if (found == null) {
            found = new FreestyleSession(SessionId.random().value());
            build.addAction(found);
        }
        return found.session;
    }
}
