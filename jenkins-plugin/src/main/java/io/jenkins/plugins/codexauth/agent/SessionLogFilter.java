package io.jenkins.plugins.codexauth.agent;

import hudson.console.ConsoleLogFilter;
import hudson.model.Run;
import hudson.remoting.Channel;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.List;

/**
 * Hides a session's secrets in a build's output, also those that are born after the filter was made, and listens there
 * for Codex's complaints that it could not refresh the login, or ask for access.
 *
 * <p>Written to the disk with the build it holds the session's name alone. Sent to the session's own agent, where some
 * output is made, it takes the secrets along; to any other agent it does not.
 */
public final class SessionLogFilter extends ConsoleLogFilter implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String session;

    public SessionLogFilter(String session) {
        this.session = session;
    }

    @Override
    public OutputStream decorateLogger(Run build, OutputStream logger) {
        return SessionComplaints.listenTo(session, SessionSecrets.of(session).protect(logger));
    }

    private Object writeReplace() {
        Channel channel = Channel.current();
        return channel != null && SessionAgents.runsOn(session, channel)
                ? new Carried(session, SessionSecrets.of(session).revealed())
                : this;
    }

    /** The filter and what it hides, on its way to an agent. */
    private static final class Carried implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String session;
        private final List<String> secrets;

        Carried(String session, List<String> secrets) {
            this.session = session;
            this.secrets = secrets;
        }

        private Object readResolve() {
            SessionSecrets.of(session).addRevealed(secrets);
            return new SessionLogFilter(session);
        }
    }
}
