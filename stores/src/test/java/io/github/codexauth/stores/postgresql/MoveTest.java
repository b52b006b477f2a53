package io.github.codexauth.stores.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.home.Patience;
import io.github.codexauth.login.EventLog;
import io.github.codexauth.login.LoginSettings;
import io.github.codexauth.login.RescueArea;
import io.github.codexauth.login.Seed;
import io.github.codexauth.login.Upkeep;
import io.github.codexauth.session.Relocation;
import io.github.codexauth.session.SessionSettings;
import io.github.codexauth.standin.StandIn;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.NeedsLogin;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.StrayRecord;
import io.github.codexauth.store.file.FileCredentialStore;
import io.github.codexauth.stores.remote.CuttingProxy;
import io.github.codexauth.stores.remote.LeaseTimes;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A login that moves from a disk into a database, where the way to the database fails once, at every place. */
class MoveTest {
    private static final CredentialId ID = new CredentialId("codex-ci");
    private static final Holder OPERATOR = new Holder("an operator", Instant.parse("2026-03-01T10:02:11Z"));

    private static RealPostgresql server;
    private static CuttingProxy proxy;
    private static StandIn standIn;

    @TempDir
    Path folder;

    @BeforeAll
    static void startServers() throws Exception {
        server = RealPostgresql.start();
        OnPostgresql.prepare(server);
        proxy = new CuttingProxy(server.port());
        standIn = StandIn.start();
    }

    @AfterAll
    static void stopServers() throws Exception {
        if (standIn != null) {
            standIn.close();
        }
        if (proxy != null) {
            proxy.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CuttingProxy.Fault.class,
            names = {"CUT_BEFORE", "CUT_AFTER"})
    void atNoInstantDoTwoStoresHaveALoginThatJobsCouldUse(CuttingProxy.Fault fault) throws Exception {
        int piece = 0;
        boolean failed = true;
        while (failed) {
            piece++;
            server.empty();
            CredentialStore disk = FileCredentialStore.createIn(folder.resolve("store-" + piece), Clock.systemUTC());
            byte[] login = standIn.newLogin(Duration.ofDays(3)).authJson();
            try (Lease lease = acquire(disk)) {
                new Upkeep(AtRest.unencrypted(), rescue(), "test", Clock.systemUTC(), new EventLog())
                        .seed(lease, Seed.parse(login, "test"));
            }
            PostgresqlStore database = OnPostgresql.store(server);
            proxy.failAt(piece, fault);
            try {
                move(disk, OnPostgresql.store(proxy.port(), LeaseTimes.USUAL));
            } catch (CodexAuthException told) {
                assertThat(told.hint()).as("piece %s", piece).isNotBlank();
            }
            failed = proxy.hasFailed();
            proxy.failAt(Integer.MAX_VALUE, fault);
            assertThat(isUsable(disk) && isUsable(database))
                    .as("piece %s", piece)
                    .isFalse();

            Envelope moved = move(disk, database);

            assertThat(moved.generation()).as("piece %s", piece).isEqualTo(1);
            assertThat(isUsable(disk)).as("piece %s", piece).isFalse();
            try (Lease lease = acquire(database)) {
                Optional<CredentialRecord> there = lease.load();
                assertThat(there.map(CredentialRecord::payload))
                        .as("piece %s", piece)
                        .contains(login);
            }
        }
        assertThat(piece).as("places at which the connection was cut").isGreaterThan(15);
    }

    /** A store on a disk keeps none beside its logins, so that it lies on this machine then. */
    @Test
    void whatLiesBesideALoginGoesAlong() throws Exception {
        server.empty();
        PostgresqlStore database = OnPostgresql.store(server);
        CredentialStore disk = FileCredentialStore.createIn(folder.resolve("store"), Clock.systemUTC());
        try (Lease lease = acquire(database)) {
            new Upkeep(AtRest.unencrypted(), rescue(), "test", Clock.systemUTC(), new EventLog())
                    .seed(lease, Seed.parse(standIn.newLogin(Duration.ofDays(3)).authJson(), "test"));
        }
        StrayRecord stray = new StrayRecord("00000000000a", "a test", Records.attempt(ID, 7, 1));
        database.putAside(stray);

        move(database, disk);

        assertThat(rescue().copies(ID)).singleElement().satisfies(copy -> {
            assertThat(copy.isAside()).isTrue();
            assertThat(copy.record()).isEqualTo(stray.record());
        });
        assertThat(database.aside(ID)).isEmpty();
    }

    private Envelope move(CredentialStore from, CredentialStore to) throws Exception {
        LoginSettings settings = new LoginSettings(
                RescueArea.of(folder.resolve("rescue"), from),
                AtRest.unencrypted(),
                "test",
                List.of(),
                Clock.systemUTC(),
                new EventLog());
        try (Lease here = acquire(from);
                Lease there = to.acquire(ID, OPERATOR, Duration.ofMinutes(1), busy -> {})) {
            return new Relocation(
                            from,
                            new SessionSettings(
                                    folder.resolve("homes"), home -> new byte[0], Patience.UNHURRIED, settings))
                    .move(here, there, RescueArea.of(folder.resolve("rescue"), to));
        }
    }

    private RescueArea rescue() {
        return new RescueArea(folder.resolve("rescue"));
    }

    private static Lease acquire(CredentialStore store) throws Exception {
        return store.acquire(ID, OPERATOR, Duration.ofMinutes(1), busy -> {});
    }

    private static boolean isUsable(CredentialStore store) throws Exception {
        Optional<Envelope> stored = store.peek(ID);
        return stored.isPresent()
                && stored.get()
                        .needsLogin()
                        .filter(needs -> needs.cause() == NeedsLogin.Cause.MOVED)
                        .isEmpty();
    }
}
