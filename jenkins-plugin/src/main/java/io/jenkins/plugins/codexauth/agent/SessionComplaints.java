package io.jenkins.plugins.codexauth.agent;

import io.github.codexauth.codex.RefreshComplaint;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether a session's output had Codex's sentence that it could not refresh the login, in this Java process: the
 * controller's, or an agent's. Safe for use by several threads.
 */
public final class SessionComplaints {
    private static final Map<String, RefreshComplaint> ALL = new ConcurrentHashMap<>();

    private SessionComplaints() {}

    static RefreshComplaint of(String session) {
        return ALL.computeIfAbsent(session, unknown -> new RefreshComplaint());
    }

    /** Whether it was heard, and forgets it. */
    public static boolean take(String session) {
        RefreshComplaint complaint = ALL.remove(session);
        return complaint != null && complaint.wasHeard();
    }
}
