package io.jenkins.plugins.codexauth.agent;

import io.github.codexauth.codex.RefreshComplaint;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which sentences of Codex about refreshes a session's output had, in this Java process: the controller's, or an
 * agent's. Safe for use by several threads.
 */
public final class SessionComplaints {
    private static final Map<String, SessionComplaints> ALL = new ConcurrentHashMap<>();

    private final RefreshComplaint refresh = new RefreshComplaint();
    private final RefreshComplaint address = RefreshComplaint.ofAddressNotReached();

    private SessionComplaints() {}

    /**
     * What was heard.
     *
     * @param notRefreshed that Codex could not refresh the login
     * @param addressNotReached that it did not reach the address at which it asks for access tokens
     */
    public record Heard(boolean notRefreshed, boolean addressNotReached) implements Serializable {
        private static final long serialVersionUID = 1L;

        /** What was heard here or there. */
        public Heard or(Heard other) {
            return new Heard(notRefreshed || other.notRefreshed, addressNotReached || other.addressNotReached);
        }
    }

    /** A stream of a session's output, listened to while it is written. */
    static OutputStream listenTo(String session, OutputStream stream) {
        SessionComplaints complaints = ALL.computeIfAbsent(session, unknown -> new SessionComplaints());
        return complaints.address.listenTo(complaints.refresh.listenTo(stream));
    }

    /** What was heard of a session, and forgets it. */
    public static Heard take(String session) {
        SessionComplaints complaints = ALL.remove(session);
        return complaints == null
                ? new Heard(false, false)
                : new Heard(complaints.refresh.wasHeard(), complaints.address.wasHeard());
    }
}
