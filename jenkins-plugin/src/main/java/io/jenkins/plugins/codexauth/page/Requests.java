package io.jenkins.plugins.codexauth.page;

import io.jenkins.plugins.codexauth.trust.AuditLine;
import io.jenkins.plugins.codexauth.trust.AuditLog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The audit log as the page shows it. */
final class Requests {
    private Requests() {}

    /** What makes two lines one request. */
    private record Key(String job, int build, String agent, String credential, boolean allowed) {}

    /**
     * The last requests, the newest first. A build that had to wait was judged twice, and is one request for people;
     * one that was allowed to queue and refused when its turn came is two.
     */
    static List<AuditLine> latest(AuditLog log, int most) {
        Map<Key, AuditLine> requests = new LinkedHashMap<>();
        for (AuditLine line : log.latest(2 * most)) {
            requests.putIfAbsent(
                    new Key(line.job(), line.build(), line.agent(), line.credential(), line.allowed()), line);
        }
        return requests.values().stream().limit(most).toList();
    }
}
