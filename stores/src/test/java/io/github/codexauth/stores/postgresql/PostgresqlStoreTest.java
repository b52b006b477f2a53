package io.github.codexauth.stores.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseState;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.SharedUseStore;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.remote.LeaseTimes;
import io.github.codexauth.stores.remote.OurLease;
import io.github.codexauth.stores.remote.ServerStoreContract;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The store in a real PostgreSQL; {@link ServerLossTest} ends it. */
class PostgresqlStoreTest extends ServerStoreContract {
    private static RealPostgresql server;

    @BeforeAll
    static void startServer() throws Exception {
        server = RealPostgresql.start();
        OnPostgresql.prepare(server);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @AfterEach
    void empty() {
        server.empty();
    }

    @Override
    protected int port() {
        return server.port();
    }

    @Override
    protected PostgresqlStore open(int port, LeaseTimes times, Clock clock) {
        return new PostgresqlStore(OnPostgresql.as("runner", RealPostgresql.RUNNER_PASSWORD, port), times, clock);
    }

    @Override
    protected boolean isTakenByWhatArrivesLate() {
        return true;
    }

    @Override
    protected void damageCurrent(CredentialId id) {
        server.admin("UPDATE codex_auth.credential SET record = substring(record FROM 1 FOR length(record) / 2)"
                + " WHERE id = '" + id + "'");
    }

    @Override
    protected void letPass(Duration time) {
        server.letPass(time.toSeconds() + " seconds");
    }

    @Nested
    class ALease {
        @Test
        void isRenewedByTheStoreItselfForAsLongAsItIsHeld() throws Exception {
            PostgresqlStore store = OnPostgresql.store(server.port(), OnPostgresql.SHORT);
            try (Lease lease = acquire(store, DEPLOY)) {
                String before = leaseUntil();

                await().atMost(PATIENCE).until(() -> !leaseUntil().equals(before));

                assertThat(lease.state().lasts(Duration.ofSeconds(1))).isTrue();
            }
        }

        /** What takes nearly as long as a lease, such as letting Codex refresh, begins right after it was renewed. */
        @Test
        void thatHasRunForAWhileIsConfirmedBeforeWhatTakesLong() throws Exception {
            PostgresqlStore store = new PostgresqlStore(
                    OnPostgresql.as("runner", RealPostgresql.RUNNER_PASSWORD, server.port()), LeaseTimes.USUAL, clock);
            try (Lease lease = acquire(store, DEPLOY)) {
                clock.advance(Duration.ofSeconds(15));
                assertThat(lease.state().lasts(Duration.ofSeconds(45))).isFalse();

                assertThat(lease.confirm().lasts(Duration.ofSeconds(45))).isTrue();
            }
        }

        @Test
        void knowsThatSomebodyElseHasTheCredential() throws Exception {
            PostgresqlStore store = OnPostgresql.store(server.port(), OnPostgresql.SHORT);
            try (Lease lease = acquire(store, DEPLOY)) {
                server.admin("UPDATE codex_auth.credential SET owner = 'somebody', epoch = epoch + 1");

                await().atMost(PATIENCE).until(() -> lease.state() instanceof LeaseState.Lost);
            }
        }

        @Test
        void thatWasGivenBackIsNotTakenAgainByARenewalThatArrivesLate() throws Exception {
            LeaseRows rows = new LeaseRows(LeaseTimes.USUAL);
            Database database = OnPostgresql.as("runner", RealPostgresql.RUNNER_PASSWORD, server.port());
            store(CODEX_CI);
            OurLease ours = database.repeatedly(
                            "", c -> rows.acquire(c, "us", DEPLOY, List.of(CODEX_CI), LeaseRows.NO_TICKET))
                    .orElseThrow();
            database.repeatedly("", c -> rows.release(c, ours));

            boolean renewed = database.repeatedly("", c -> rows.renew(c, ours));

            assertThat(renewed).isFalse();

            assertThat(here().occupancy(CODEX_CI)).isEmpty();
        }

        private String leaseUntil() {
            return server.ask("SELECT lease_until FROM codex_auth.credential");
        }
    }

    @Nested
    class APool {
        private final List<CredentialId> pool =
                List.of(new CredentialId("team.1"), new CredentialId("team.2"), new CredentialId("team.3"));

        private Lease any(Duration wait) throws Exception {
            return open().acquireAny(pool, DEPLOY, wait, (id, occupancy) -> {});
        }

        @Test
        void givesTheLoginWhoseAccessTokenLivesLongest() throws Exception {
            for (CredentialId id : pool) {
                store(id);
            }
            server.admin("UPDATE codex_auth.credential SET expires = now() + interval '9 days' WHERE id = 'team.2'");
            server.admin("UPDATE codex_auth.credential SET expires = now() + interval '8 days' WHERE id = 'team.3'");
            server.admin("UPDATE codex_auth.credential SET expires = now() + interval '1 day' WHERE id = 'team.1'");

            List<CredentialId> given = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                given.add(any(Duration.ZERO).id());
            }

            assertThat(given).extracting(CredentialId::value).containsExactly("team.2", "team.3", "team.1");
        }

        @Test
        void servesThoseWhoWaitInTheOrderInWhichTheyCame() throws Exception {
            for (CredentialId id : pool) {
                store(id);
            }
            List<Lease> held = List.of(any(Duration.ZERO), any(Duration.ZERO), any(Duration.ZERO));
            List<Integer> served = new CopyOnWriteArrayList<>();
            ExecutorService threads = Executors.newCachedThreadPool();
            List<Future<Lease>> waiting = new ArrayList<>();
            try {
                for (int i = 0; i < 6; i++) {
                    int place = i;
                    waiting.add(threads.submit(() -> {
                        Lease lease = any(PATIENCE);
                        served.add(place);
                        return lease;
                    }));
                    int expected = i + 1;
                    await().atMost(PATIENCE)
                            .until(() -> server.ask("SELECT count(*) FROM codex_auth.waiter")
                                    .equals(String.valueOf(expected)));
                }
                held.get(0).close();
                for (Future<Lease> next : waiting) {
                    next.get().close();
                }
            } finally {
                threads.shutdownNow();
            }

            assertThat(served).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(server.ask("SELECT count(*) FROM codex_auth.waiter")).isEqualTo("0");
        }

        @Test
        void doesNotWaitForOneWhoIsGone() throws Exception {
            store(pool.get(0));
            server.admin(
                    "INSERT INTO codex_auth.waiter (ids, alive_until) VALUES (ARRAY['team.1'], now() - interval '1 s')");

            open().acquire(pool.get(0), NIGHTLY, Duration.ZERO, NOBODY_ASKED).close();
        }

        /** As on a machine with too much work: nobody waits for him, and nobody who came later is before him. */
        @Test
        void keepsThePlaceOfOneWhoLooksLate() throws Exception {
            assertThat(placeAfter("30 s")).contains(0);
            assertThat(placeAfter("2 min")).isEmpty();
        }

        private Optional<Integer> placeAfter(String pause) throws Exception {
            LeaseRows rows = new LeaseRows(LeaseTimes.USUAL);
            Database database = OnPostgresql.as("runner", RealPostgresql.RUNNER_PASSWORD, server.port());
            Duration second = Duration.ofSeconds(1);
            long ticket = database.repeatedly("", c -> rows.join(c, pool, second));
            server.admin("UPDATE codex_auth.waiter SET alive_until = now() - interval '" + pause + "'");
            database.repeatedly("", c -> rows.join(c, pool, second));
            return database.repeatedly("", c -> rows.stay(c, ticket, pool, second));
        }

        /** Else those behind would count him beside what he took, and leave what is free for him. */
        @Test
        void isLeftByWhoeverGetsALogin() throws Exception {
            store(pool.get(0));
            LeaseRows rows = new LeaseRows(LeaseTimes.USUAL);
            Database database = OnPostgresql.as("runner", RealPostgresql.RUNNER_PASSWORD, server.port());
            long first = database.repeatedly("", c -> rows.join(c, pool, PATIENCE));
            long second = database.repeatedly("", c -> rows.join(c, pool, PATIENCE));

            Optional<OurLease> behind = database.repeatedly("", c -> rows.acquire(c, "us", DEPLOY, pool, second));
            Optional<OurLease> served = database.repeatedly("", c -> rows.acquire(c, "they", NIGHTLY, pool, first));

            assertThat(behind).isEmpty();
            assertThat(served).isPresent();
            assertThat(server.ask("SELECT string_agg(ticket::text, ' ') FROM codex_auth.waiter"))
                    .isEqualTo(String.valueOf(second));
        }

        /** Whoever is far back looks rarely, and has to find the place again. */
        @Test
        void keepsAPlaceFarBackForLongerThanItsLooksAreApart() throws Exception {
            store(pool.get(0));
            server.admin("INSERT INTO codex_auth.waiter (ids, alive_until)"
                    + " SELECT ARRAY['team.1'], now() + interval '1 hour' FROM generate_series(1, 500)");
            ExecutorService threads = Executors.newCachedThreadPool();
            try {
                threads.submit(() -> any(PATIENCE));

                await().atMost(PATIENCE)
                        .until(() -> server.ask("SELECT count(*) FROM codex_auth.waiter WHERE alive_until - now()"
                                        + " BETWEEN interval '30 s' AND interval '1 min'")
                                .equals("1"));
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Nested
    class ASharedLogin {
        @Test
        void showsWhoSharesItLongestFirstUntilTheyEnd() throws Exception {
            SharedUseStore.Use second = OnPostgresql.store(server).use(CODEX_CI, NIGHTLY);
            SharedUseStore.Use first = OnPostgresql.store(server).use(CODEX_CI, DEPLOY);
            SharedUseStore store = OnPostgresql.store(server);

            assertThat(store.users(CODEX_CI)).containsExactly(DEPLOY, NIGHTLY);
            assertThat(store.users(new CredentialId("another"))).isEmpty();
            first.close();
            first.close();
            assertThat(store.users(CODEX_CI)).containsExactly(NIGHTLY);
            second.close();
            assertThat(store.users(CODEX_CI)).isEmpty();
        }

        @Test
        void forgetsAJobThatDied() throws Exception {
            OnPostgresql.store(server).use(CODEX_CI, NIGHTLY);
            server.admin("UPDATE codex_auth.sharer SET alive_until = alive_until - interval '61 s'");

            assertThat(OnPostgresql.store(server).users(CODEX_CI)).isEmpty();
            OnPostgresql.store(server).use(CODEX_CI, DEPLOY).close();
            assertThat(server.ask("SELECT count(*) FROM codex_auth.sharer")).isEqualTo("0");
        }

        @Test
        void isKeptForAsLongAsTheJobLives() throws Exception {
            SharedUseStore store = OnPostgresql.store(server.port(), OnPostgresql.SHORT);
            try (SharedUseStore.Use use = store.use(CODEX_CI, NIGHTLY)) {
                String before = server.ask("SELECT alive_until FROM codex_auth.sharer");

                await().atMost(PATIENCE)
                        .until(() -> !server.ask("SELECT alive_until FROM codex_auth.sharer")
                                .equals(before));
            }
        }
    }

    @Nested
    class AnUnencryptedLogin {
        @Test
        void isRefusedUnlessTheAddressAllowsIt() throws Exception {
            store(CODEX_CI);
            ServerAddress strict =
                    ServerAddress.parse("//runner@127.0.0.1:" + server.port() + "/codex?sslmode=disable");
            PostgresqlStore store = new PostgresqlStore(
                    new Database(strict, OnPostgresql.password(RealPostgresql.RUNNER_PASSWORD)),
                    LeaseTimes.USUAL,
                    clock);
            try (Lease lease = acquire(store, DEPLOY)) {
                assertThatExceptionOfType(StoreUnavailableException.class)
                        .isThrownBy(() -> lease.save(revision(1), Records.generation(CODEX_CI, 2)))
                        .satisfies(e -> assertThat(e.hint()).contains("--age-recipient", "?plaintext=allowed"));
                assertThatExceptionOfType(StoreUnavailableException.class)
                        .as("before a job could refresh what is there")
                        .isThrownBy(lease::proveWritable);
            }
            assertThat(here().peek(CODEX_CI)).map(Envelope::generation).contains(1L);
        }
    }

    @Nested
    class WhatAServerRefuses {
        private void refuses(String right, String sentence, Doing doing) throws Exception {
            server.admin("REVOKE " + right + " FROM runner");
            try {
                assertThatExceptionOfType(StoreUnavailableException.class)
                        .isThrownBy(doing::run)
                        .satisfies(e -> assertThat(e.problem()).contains("'runner' lacks the right", sentence));
            } finally {
                server.admin("GRANT " + right.replace(" FROM", " TO") + " TO runner");
            }
        }

        @Test
        void isNamedByTheRightThatIsMissing() throws Exception {
            store(CODEX_CI);
            refuses("SELECT ON codex_auth.credential", "SELECT on codex_auth.credential", () -> here().peek(CODEX_CI));
            refuses(
                    "SELECT ON codex_auth.format",
                    "SELECT on codex_auth.format",
                    () -> new Schema(OnPostgresql.as("runner", RealPostgresql.RUNNER_PASSWORD, server.port()))
                            .requireReadable());
            try (Lease lease = acquire(here(), DEPLOY)) {
                refuses("UPDATE ON codex_auth.credential", "UPDATE on codex_auth.credential", lease::proveWritable);
                damageCurrent(CODEX_CI);
                refuses("INSERT ON codex_auth.aside", "INSERT on codex_auth.aside", lease::setDamagedAside);
                lease.setDamagedAside();
            }
            store(CODEX_CI);
            refuses("SELECT ON codex_auth.aside", "INSERT, DELETE on codex_auth.aside", () -> beside().aside(CODEX_CI));
            refuses("DELETE ON codex_auth.aside", "DELETE on codex_auth.aside", () -> beside().removeAside(stray(1)));
            refuses("INSERT ON codex_auth.waiter", "all on codex_auth.waiter", () -> {
                try (Lease lease = acquire(here(), DEPLOY)) {
                    elsewhere().acquire(CODEX_CI, NIGHTLY, PATIENCE, NOBODY_ASKED);
                }
            });
        }

        @Test
        void aWrongPasswordIsToldAndNotQuoted() {
            Database database = OnPostgresql.as("runner", "a-wrong-secret", server.port());

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> new Schema(database).requireReadable())
                    .satisfies(e -> {
                        assertThat(e.problem()).contains("does not let 'runner' in (28P01)");
                        assertThat(e.problem() + e.hint() + e.getCause()).doesNotContain("a-wrong-secret");
                    });
        }

        @Test
        void aMissingPasswordIsAskedFor() {
            Database database = new Database(OnPostgresql.address("runner", server.port()), PasswordSource.NONE);

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> new Schema(database).requireReadable())
                    .satisfies(e -> {
                        assertThat(e.problem()).endsWith("asks for a password");
                        assertThat(e.hint()).contains("--store-password-file");
                    });
        }

        @Test
        void aDatabaseWithoutTablesSaysHowTheyAreMade() {
            Database empty = new Database(
                    new ServerAddress(
                            "owner",
                            List.of(new ServerAddress.Host("127.0.0.1", server.port())),
                            "postgres",
                            "disable",
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            true,
                            false),
                    OnPostgresql.password(RealPostgresql.OWNER_PASSWORD));

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> new Schema(empty).requireReadable())
                    .satisfies(e -> assertThat(e.hint()).contains("codex-auth store init"));
        }
    }

    /** Something that may fail. */
    private interface Doing {
        void run() throws Exception;
    }

    @Test
    void thePasswordIsReadForEveryConnection() throws Exception {
        List<String> passwords = List.of("an-old-secret", RealPostgresql.RUNNER_PASSWORD);
        List<String> read = new ArrayList<>();
        Database database = new Database(OnPostgresql.address("runner", server.port()), () -> {
            read.add(passwords.get(Math.min(read.size(), 1)));
            return Optional.of(io.github.codexauth.SecretText.of(read.get(read.size() - 1)));
        });

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> new Schema(database).requireReadable());
        new Schema(database).requireReadable();

        assertThat(read).containsExactlyElementsOf(passwords);
    }

    private static void olderTables() {
        server.admin("DROP INDEX codex_auth.aside_once");
        server.admin("ALTER TABLE codex_auth.aside DROP COLUMN token");
        server.admin("UPDATE codex_auth.format SET version = 1");
        server.admin("REVOKE SELECT, DELETE ON codex_auth.aside FROM runner");
    }

    @Nested
    class TablesThatAnOlderVersionMade {
        @BeforeEach
        void older() {
            olderTables();
        }

        @AfterEach
        void newest() throws Exception {
            OnPostgresql.prepare(server);
        }

        @Test
        void serveJobsAndSayWhyNoLoginLiesBesideAnother() throws Exception {
            CredentialRecord first = store(CODEX_CI);
            try (Lease lease = acquire(here(), DEPLOY)) {
                lease.proveWritable();
                assertThat(lease.save(Revision.of(first), Records.generation(CODEX_CI, 2)))
                        .isEqualTo(SaveResult.SAVED);
            }

            assertThat(beside().aside(CODEX_CI)).isEmpty();
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> beside().putAside(stray(1)))
                    .satisfies(e -> {
                        assertThat(e.problem()).contains("made by an older codex-auth");
                        assertThat(e.hint()).contains("codex-auth store init");
                    });
            beside().removeAside(stray(1));
        }

        @Test
        void areTakenOverWithWhatIsInThem() throws Exception {
            store(CODEX_CI);
            CredentialRecord second = store(CODEX_CI);
            damageCurrent(CODEX_CI);
            try (Lease lease = acquire(here(), DEPLOY)) {
                lease.setDamagedAside();
            }

            OnPostgresql.prepare(server);

            assertThat(beside().aside(CODEX_CI)).isEmpty();
            beside().putAside(stray(1));
            assertThat(besideElsewhere().aside(CODEX_CI)).containsExactly(stray(1));
            assertThat(server.ask("SELECT count(*) FROM codex_auth.aside WHERE token IS NULL"))
                    .isEqualTo("1");
            assertThat(second.envelope().generation()).isEqualTo(2);
            assertThat(here().peek(CODEX_CI)).map(Envelope::generation).contains(1L);
        }
    }

    @Test
    void preparingAgainChangesNothing() throws Exception {
        CredentialRecord stored = store(CODEX_CI);

        OnPostgresql.prepare(server);

        assertThat(here().peek(CODEX_CI)).contains(stored.envelope());
        assertThat(server.ask("SELECT count(*) FROM codex_auth.format")).isEqualTo("1");
    }
}
