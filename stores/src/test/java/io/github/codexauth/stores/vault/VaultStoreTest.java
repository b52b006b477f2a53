package io.github.codexauth.stores.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseState;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.LeaseTimes;
import io.github.codexauth.stores.remote.OurLease;
import io.github.codexauth.stores.remote.ServerStoreContract;
import io.github.codexauth.stores.remote.SwappedLeases;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The store on a stand-in; {@link ServerAnswersTest} has it answer something else.
 */
class VaultStoreTest extends ServerStoreContract {
    private final VaultStandIn server = VaultStandIn.start();

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Override
    protected int port() {
        return server.port();
    }

    @Override
    protected VaultStore open(int port, LeaseTimes times, Clock clock) {
        return new VaultStore(OnVault.server(port), times, clock);
    }

    @Override
    protected int longestPayload() {
        return 295 * 1024;
    }

    @Override
    protected void damageCurrent(CredentialId id) {
        String path = "codex-auth/logins/" + id;
        ObjectNode entry = server.content(path).orElseThrow().deepCopy();
        String record = entry.path("current").asText();
        server.put(path, entry.put("current", record.substring(0, record.length() / 2)));
    }

    @Override
    protected void letPass(Duration time) {
        server.letPass(time);
    }

    /** Whoever has a credential. */
    private ObjectNode lease() {
        return server.content("codex-auth/leases/codex-ci").orElseThrow();
    }

    @Nested
    class ALease {
        @Test
        void isRenewedByTheStoreItselfForAsLongAsItIsHeld() throws Exception {
            VaultStore store = OnVault.store(server.port(), OnVault.SHORT);
            try (Lease lease = acquire(store, DEPLOY)) {
                ObjectNode before = lease();

                await().atMost(PATIENCE).until(() -> lease() != before);

                assertThat(lease.state().lasts(Duration.ofSeconds(1))).isTrue();
            }
        }

        /** What takes nearly as long as a lease, such as letting Codex refresh, begins right after it was renewed. */
        @Test
        void thatHasRunForAWhileIsConfirmedBeforeWhatTakesLong() throws Exception {
            VaultStore store = new VaultStore(OnVault.server(server.port()), LeaseTimes.USUAL, clock);
            try (Lease lease = acquire(store, DEPLOY)) {
                clock.advance(Duration.ofSeconds(15));
                assertThat(lease.state().lasts(Duration.ofSeconds(45))).isFalse();

                assertThat(lease.confirm().lasts(Duration.ofSeconds(45))).isTrue();
            }
        }

        @Test
        void knowsThatSomebodyElseHasTheCredential() throws Exception {
            VaultStore store = OnVault.store(server.port(), OnVault.SHORT);
            try (Lease lease = acquire(store, DEPLOY)) {
                server.put(
                        "codex-auth/leases/codex-ci",
                        lease().deepCopy().put("owner", "somebody").put("epoch", 100));

                await().atMost(PATIENCE).until(() -> lease.state() instanceof LeaseState.Lost);
            }
        }

        @Test
        void thatWasGivenBackIsNotTakenAgainByARenewalThatArrivesLate() throws Exception {
            store(CODEX_CI);
            SwappedLeases leases =
                    new SwappedLeases(new LeaseEntries(new Entries(OnVault.server(server.port()))), LeaseTimes.USUAL);
            OurLease ours =
                    leases.acquire(CODEX_CI, "us", DEPLOY, Optional.empty()).orElseThrow();
            leases.release(ours, Optional.empty());

            assertThat(leases.renew(ours, Optional.empty())).isFalse();

            assertThat(here().occupancy(CODEX_CI)).isEmpty();
        }

        /** A server's clock that was put back says of every lease that it was renewed just now. */
        @Test
        void thatNobodyRenewsEndsWhateverTheServersClockSays() throws Exception {
            VaultStore store = OnVault.store(
                    server.port(), new LeaseTimes(Duration.ofSeconds(1), Duration.ofHours(1), Duration.ZERO));
            acquire(here(), DEPLOY);
            letPass(Duration.ofDays(-1));

            Lease next = store.acquire(CODEX_CI, NIGHTLY, PATIENCE, NOBODY_ASKED);

            assertThat(here().occupancy(CODEX_CI)).map(o -> o.holder()).contains(NIGHTLY);
            next.close();
        }
    }

    @Nested
    class APool {
        private final List<CredentialId> pool =
                List.of(new CredentialId("team.1"), new CredentialId("team.2"), new CredentialId("team.3"));

        private Lease any(Duration wait) throws Exception {
            return open().acquireAny(pool, DEPLOY, wait, (id, occupancy) -> {});
        }

        private void storeExpiring(CredentialId id, Duration in) throws Exception {
            Envelope usual = Records.envelope(id, 1);
            Envelope expiring = new Envelope(
                    id,
                    1,
                    usual.savedAt(),
                    usual.savedBy(),
                    usual.session(),
                    usual.account(),
                    usual.plan(),
                    usual.lastRefresh(),
                    Optional.of(NOW.plus(in)),
                    usual.seeds());
            try (Lease lease = open().acquire(id, DEPLOY, PATIENCE, NOBODY_ASKED)) {
                lease.save(Revision.NONE, Records.record(expiring, new byte[] {1}));
            }
        }

        @Test
        void givesTheLoginWhoseAccessTokenLivesLongest() throws Exception {
            storeExpiring(pool.get(0), Duration.ofDays(1));
            storeExpiring(pool.get(1), Duration.ofDays(9));
            storeExpiring(pool.get(2), Duration.ofDays(8));

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
                    await().atMost(PATIENCE).until(() -> waiting() == expected);
                }
                held.get(0).close();
                for (Future<Lease> next : waiting) {
                    next.get().close();
                }
            } finally {
                threads.shutdownNow();
            }

            assertThat(served).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(waiting()).isZero();
        }

        private Line line() {
            return new Line(new Entries(OnVault.server(server.port())));
        }

        private int waiting() throws Exception {
            return line().tickets().all().size();
        }

        /** A job that was killed while it waited. Whoever comes without a wait gets what such a one left lying. */
        @Test
        void isNotKeptFromOthersByOneWhoIsGone() throws Exception {
            store(pool.get(0));
            Line line = line();
            line.join("gone", pool, Duration.ofHours(1));
            letPass(Duration.ofSeconds(4));

            open().acquire(pool.get(0), NIGHTLY, Duration.ZERO, NOBODY_ASKED).close();

            assertThat(waiting()).isZero();
        }

        @Test
        void isKeptForWhoeverIsNext() throws Exception {
            Line line = line();
            Lease lease = acquire(here(), DEPLOY);
            line.join("next", List.of(CODEX_CI), Duration.ofHours(1));
            lease.close();

            assertThatExceptionOfType(CredentialBusyException.class)
                    .isThrownBy(() -> acquire(elsewhere(), NIGHTLY))
                    .satisfies(busy -> assertThat(busy.problem()).contains("others in the line"));
        }
    }

    @Test
    void aRecordThatIsTooLongForAnEntryIsRefusedBeforeItIsSent() throws Exception {
        try (Lease lease = acquire(here(), DEPLOY)) {
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> lease.save(
                            Revision.NONE, Records.record(Records.envelope(CODEX_CI, 1), new byte[400 * 1024])))
                    .satisfies(e -> assertThat(e.problem()).contains("an entry holds 400"));
        }
    }

    @Test
    void aJobMakesTheSameCallsHoweverManyLoginsAreStored() throws Exception {
        store(CODEX_CI);
        int alone = callsOfAJob(1);
        ObjectNode other = server.content("codex-auth/logins/codex-ci").orElseThrow();
        for (int i = 0; i < 500; i++) {
            server.put("codex-auth/logins/other-" + i, other);
        }

        assertThat(callsOfAJob(2)).isEqualTo(alone).isEqualTo(14);
    }

    private int callsOfAJob(int generation) throws Exception {
        int before = server.calls().size();
        try (Lease lease = acquire(open(), DEPLOY)) {
            lease.load();
            lease.proveWritable();
            lease.save(revision(generation), Records.generation(CODEX_CI, generation + 1));
        }
        return server.calls().size() - before;
    }
}
