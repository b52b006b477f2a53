package io.github.codexauth.stores.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.stores.NamedStore;
import io.github.codexauth.stores.PreparedStore;
import io.github.codexauth.stores.remote.LeaseTimes;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Those who wait are woken, where the address says {@code notify=on}. */
class BellTest {
    private static final CredentialId ID = new CredentialId("codex-ci");
    private static final CredentialId OTHER = new CredentialId("another");
    private static final Holder HOLDER = new Holder("a job with a long name", Instant.EPOCH);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Nobody waits for so long in a test: whoever comes back was woken. */
    private static final Duration FOREVER = Duration.ofDays(1);

    private static final String LISTENING = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'";

    private static RealPostgresql server;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @TempDir
    private Path folder;

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
        threads.shutdownNow();
        await().atMost(PATIENCE).until(() -> server.ask(LISTENING).equals("0"));
        server.empty();
    }

    private static Bell bell(int port) {
        return new Bell(OnPostgresql.ringingDatabase(port), new LeaseRows(LeaseTimes.USUAL));
    }

    private static long place(CredentialId id) {
        return Long.parseLong(server.ask("INSERT INTO codex_auth.waiter (ids, alive_until)" + " VALUES (ARRAY['" + id
                + "'], now() + interval '1 hour') RETURNING ticket"));
    }

    /** Listens, and waits for nothing else. */
    private Future<?> listen(Listener listener, long place) throws InterruptedException {
        listener.await(place, FOREVER);
        return hear(listener, place);
    }

    private Future<?> hear(Listener listener, long place) {
        return threads.submit(() -> {
            listener.await(place, FOREVER);
            return place;
        });
    }

    private static Lease acquire(PostgresqlStore store, Duration wait) throws Exception {
        return store.acquire(ID, HOLDER, wait, busy -> {});
    }

    @Test
    void wakesWhoeverIsNextWhenALoginIsGivenBack() throws Exception {
        Lease lease = acquire(OnPostgresql.ringing(server.port()), Duration.ZERO);
        try (Listener listener = new Listener(bell(server.port()))) {
            Future<?> next = listen(listener, place(ID));

            lease.close();

            assertThat(next.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
        }
    }

    /** The answers of other calls have 3 s. */
    @Test
    void isHeardAlsoByWhoeverHasWaitedForLongerThanAnAnswerMayTake() throws Exception {
        try (Listener listener = new Listener(bell(server.port()))) {
            long place = place(ID);
            listener.await(place, FOREVER);
            listener.await(place, Duration.ofMillis(3500));
            assertThat(server.ask(LISTENING)).isEqualTo("1");
            Future<?> next = hear(listener, place);

            bell(server.port()).ring(ID);

            assertThat(next.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void saysTheNumbersOfThoseWhoAreNextAndNothingElse() throws Exception {
        place(OTHER);
        long first = place(ID);
        long second = place(ID);
        place(ID);
        Database database = OnPostgresql.as("runner", RealPostgresql.RUNNER_PASSWORD, server.port());
        try (Connection anybody = database.connect();
                Statement statement = anybody.createStatement()) {
            statement.execute("LISTEN codex_auth");

            bell(server.port()).ring(ID);
            PGNotification[] heard = anybody.unwrap(PGConnection.class).getNotifications(10_000);

            assertThat(heard)
                    .extracting(PGNotification::getParameter)
                    .containsExactly(String.valueOf(first), String.valueOf(second));
        }
    }

    @Test
    void ringsAndListensOnlyWhereTheAddressSaysSo() throws Exception {
        long place = place(ID);
        Database usual = OnPostgresql.as("runner", RealPostgresql.RUNNER_PASSWORD, server.port());
        Bell none = new Bell(usual, new LeaseRows(LeaseTimes.USUAL));
        try (Connection anybody = usual.connect();
                Statement statement = anybody.createStatement();
                Listener listener = new Listener(none)) {
            statement.execute("LISTEN codex_auth");
            listener.await(place, Duration.ofMillis(1));
            assertThat(server.ask(LISTENING)).as("we alone").isEqualTo("1");

            none.ring(ID);

            // What rang is there with the answer to whatever is asked next.
            statement.execute("SELECT 1");
            assertThat(anybody.unwrap(PGConnection.class).getNotifications()).isEmpty();
        }
    }

    @Test
    void keepsNoMoreConnectionsOpenThanThoseOfWhoIsNext() throws Exception {
        Lease lease = acquire(OnPostgresql.ringing(server.port()), Duration.ZERO);
        List<Future<?>> jobs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            jobs.add(threads.submit(() -> {
                acquire(OnPostgresql.ringing(server.port()), PATIENCE).close();
                return true;
            }));
        }
        await().atMost(PATIENCE)
                .until(() ->
                        server.ask("SELECT count(*) FROM codex_auth.waiter").equals("6"));
        await().atMost(PATIENCE).until(() -> server.ask(LISTENING).equals("2"));

        assertThat(server.ask(LISTENING)).isEqualTo("2");
        lease.close();
        for (Future<?> job : jobs) {
            assertThat(job.get()).isEqualTo(true);
        }
        assertThat(server.ask(LISTENING)).isEqualTo("0");
    }

    @Test
    void isLookedForAgainAfterARestartOfTheServer() throws Exception {
        try (Listener listener = new Listener(bell(server.port()))) {
            long place = place(ID);
            listener.await(place, FOREVER);
            server.down();
            listener.await(place, Duration.ofMillis(500));
            server.up();
            Future<?> next = listen(listener, place);

            bell(server.port()).ring(ID);

            assertThat(next.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void isGivenUpByWhoeverIsInterrupted() throws Exception {
        Lease lease = acquire(OnPostgresql.ringing(server.port()), Duration.ZERO);
        Thread job = new Thread(() -> {
            try {
                acquire(OnPostgresql.ringing(server.port()), FOREVER).close();
            } catch (Exception interrupted) {
                return;
            }
        });
        job.start();
        await().atMost(PATIENCE).until(() -> server.ask(LISTENING).equals("1"));

        job.interrupt();

        job.join(PATIENCE.toMillis());
        assertThat(job.isAlive()).isFalse();
        lease.close();
    }

    @Test
    void isMissedByTheDoctorBehindAPooler() throws Exception {
        try (PgBouncer bouncer = PgBouncer.before(server, folder, 2)) {
            assertThat(weaknesses(bouncer.port()))
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .contains("notify=on does nothing: a pooler, such as PgBouncer, answers for")
                    .contains("leave notify=on out");
        }
        assertThat(weaknesses(server.port())).isEmpty();
    }

    private static List<String> weaknesses(int port) throws Exception {
        NamedStore store = new PostgresqlStoreType()
                .at(
                        "//runner@127.0.0.1:" + port + "/codex?sslmode=disable&notify=on",
                        OnPostgresql.password(RealPostgresql.RUNNER_PASSWORD));
        return ((PreparedStore) store)
                .weaknesses().stream()
                        .map(weakness -> weakness.what() + " " + weakness.hint())
                        .filter(weakness -> weakness.contains("notify"))
                        .toList();
    }

    /** There, what rings goes to whoever has the connection at that moment. */
    @Test
    void isNotWaitedForBehindAPoolerThatGivesConnectionsAway() throws Exception {
        try (PgBouncer bouncer = PgBouncer.before(server, folder, 2)) {
            Lease lease = acquire(OnPostgresql.ringing(bouncer.port()), Duration.ZERO);
            Future<Boolean> next = threads.submit(() -> {
                acquire(OnPostgresql.ringing(bouncer.port()), PATIENCE).close();
                return true;
            });
            await().atMost(PATIENCE)
                    .until(() ->
                            server.ask("SELECT count(*) FROM codex_auth.waiter").equals("1"));
            lease.close();

            assertThat(next.get()).isTrue();
            assertThat(server.ask(LISTENING)).isEqualTo("0");
        }
    }
}
