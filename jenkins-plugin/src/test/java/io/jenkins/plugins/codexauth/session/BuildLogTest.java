package io.jenkins.plugins.codexauth.session;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.StreamTaskListener;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.Records;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BuildLogTest {
    private static final CredentialId ID = new CredentialId("codex-ci");

    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final AtomicInteger counted = new AtomicInteger();
    private final BuildLog log =
            new BuildLog(new StreamTaskListener(text, StandardCharsets.UTF_8), secrets -> {}, counted::incrementAndGet);

    @Test
    void a_thousand_refreshes_take_ten_lines() {
        for (int generation = 2; generation <= 1001; generation++) {
            log.saved(Records.envelope(ID, generation));
        }

        assertThat(text.toString(StandardCharsets.UTF_8).lines())
                .hasSize(10)
                .startsWith(
                        "[codex-auth] Codex refreshed the login; it is stored as generation 2 of 'codex-ci', access token"
                                + " ends 2026-03-11T09:59:59Z",
                        "[codex-auth] Codex refreshed the login; it is stored as generation 3 of 'codex-ci', access token"
                                + " ends 2026-03-11T09:59:59Z",
                        "[codex-auth] Codex refreshed the login, 4 times by now; it is stored as generation 5 of"
                                + " 'codex-ci', access token ends 2026-03-11T09:59:59Z");
        assertThat(counted).hasValue(1000);
    }
}
