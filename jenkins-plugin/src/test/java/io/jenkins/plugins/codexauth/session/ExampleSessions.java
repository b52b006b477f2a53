package io.jenkins.plugins.codexauth.session;

import hudson.model.Run;
import io.github.codexauth.login.LoanStart;
import io.github.codexauth.store.Envelope;
import io.jenkins.plugins.codexauth.account.JenkinsSealer;
import io.jenkins.plugins.codexauth.lease.BuildOwners;
import io.jenkins.plugins.codexauth.lease.ControllerStores;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sessions for tests of pages, without agents and builds that have them. */
public final class ExampleSessions {
    private ExampleSessions() {}

    /** A build that used a login, and left it in that generation. */
    public static void used(Run<?, ?> build, String session, Envelope before, boolean refreshed, Envelope after) {
        SessionRecord record = record(
                session,
                BuildOwners.of(build),
                "managed auth.json",
                "",
                before.id().value(),
                "codex-agent");
        BuildUses.began(build, record, Optional.of(before));
        BuildUses.ended(record, refreshed, Optional.of(after));
    }

    /** A build that used a key. */
    public static void usedKey(Run<?, ?> build, String session) {
        SessionRecord record = record(session, BuildOwners.of(build), "API key", null, null, "codex-agent");
        BuildUses.began(build, record, Optional.empty());
        BuildUses.ended(record, false, Optional.empty());
    }

    /** A session whose agent was away when it ended. */
    public static void leftBehind(String session, String credential, String agent) throws IOException {
        files().write(record(session, "build:deploy#7", "managed auth.json", "", credential, agent)
                .leftBehind());
    }

    public static void forget(String session) {
        files().delete(session);
    }

    private static SessionFiles files() {
        return new SessionFiles(ControllerStores.root().resolve("sessions"), new JenkinsSealer());
    }

    private static SessionRecord record(
            String session, String owner, String mode, String place, String credential, String agent) {
        return new SessionRecord(
                session,
                owner,
                mode,
                place,
                credential,
                agent,
                "/home",
                "",
                LoanStart.UNKNOWN,
                false,
                null,
                List.of(),
                Map.of());
    }
}
