package io.github.codexauth.stores.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseState;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A primary that dies under a job, and a standby that takes its place; the address names both. */
class FailoverTest {
    private static final CredentialId ID = new CredentialId("codex-ci");
    private static final Holder JOB = new Holder("a job", Instant.parse("2026-03-01T10:02:11Z"));
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private RealPostgresql primary;
    private RealPostgresql standby;
    private PostgresqlStore store;

    @BeforeEach
    void startBoth() throws Exception {
        primary = RealPostgresql.start();
        OnPostgresql.prepare(primary);
        standby = primary.startStandby();
        ServerAddress both = new ServerAddress(
                "runner",
                List.of(
                        new ServerAddress.Host("127.0.0.1", standby.port()),
                        new ServerAddress.Host("127.0.0.1", primary.port())),
                "codex",
                "disable",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                false);
        store = new PostgresqlStore(
                new Database(both, OnPostgresql.password(RealPostgresql.RUNNER_PASSWORD)),
                OnPostgresql.SHORT,
                Clock.systemUTC());
    }

    @AfterEach
    void stopBoth() {
        if (standby != null) {
            standby.close();
        }
        if (primary != null) {
            primary.close();
        }
    }

    private Lease acquire() throws Exception {
        return store.acquire(ID, JOB, PATIENCE, busy -> {});
    }

    @Test
    void theJobKeepsItsLeaseAndSavesOnTheNewPrimary() throws Exception {
        CredentialRecord first = Records.generation(ID, 1);
        CredentialRecord second = Records.generation(ID, 2);
        try (Lease lease = acquire()) {
            lease.save(Revision.NONE, first);
            await().atMost(PATIENCE)
                    .until(() -> standby.ask("SELECT count(*) FROM codex_auth.credential WHERE holder = 'a job'")
                            .equals("1"));

            primary.down();
            standby.promote();

            await().atMost(PATIENCE).until(() -> lease.confirm().isHeld());
            assertThat(lease.save(Revision.of(first), second)).isEqualTo(SaveResult.SAVED);
        }
        assertThat(standby.ask("SELECT generation FROM codex_auth.credential")).isEqualTo("2");
    }

    @Test
    void whatTheStandbyHadNotYetIsSavedOnTopByTheJobThatHasIt() throws Exception {
        CredentialRecord first = Records.generation(ID, 1);
        try (Lease lease = acquire()) {
            lease.save(Revision.NONE, first);
            await().atMost(PATIENCE)
                    .until(() -> standby.ask("SELECT count(*) FROM codex_auth.credential WHERE generation = 1")
                            .equals("1"));
            standby.shutDown();
            lease.save(Revision.of(first), Records.generation(ID, 2));

            primary.down();
            standby.up();
            standby.promote();

            await().atMost(PATIENCE).until(() -> !(lease.confirm() instanceof LeaseState.Doubtful));
            assertThat(lease.state()).isNotInstanceOf(LeaseState.Lost.class);
            assertThat(lease.load()).contains(first);
            assertThat(lease.save(Revision.of(first), Records.generation(ID, 3)))
                    .as("on top of what is there, as LoanedLogin does it")
                    .isEqualTo(SaveResult.SAVED);
        }
    }
}
