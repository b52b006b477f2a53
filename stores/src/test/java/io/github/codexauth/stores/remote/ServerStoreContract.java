package io.github.codexauth.stores.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.AsideStoreContract;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.DetachableLease;
import io.github.codexauth.store.DetachableStore;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.HeldLease;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseClaim;
import io.github.codexauth.store.NeedsLogin;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StrayRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every store on a server has to do besides: whatever the way to it loses, and whatever its holder's machine
 * believes that the time is.
 */
public abstract class ServerStoreContract extends AsideStoreContract {
    /** Where the server of this test listens. */
    protected abstract int port();

    /**
     * Whether a try to take a credential that arrives when its job is long over takes it, for nobody and for one term.
     * Not where what is written is a swap for what was read.
     */
    protected boolean isTakenByWhatArrivesLate() {
        return false;
    }

    /** The store of this test by another way, and with its own connections. */
    protected abstract ServerStore open(int port, LeaseTimes times, Clock clock) throws Exception;

    @Override
    protected ServerStore open() throws Exception {
        return open(port(), LeaseTimes.USUAL, Clock.systemUTC());
    }

    @Override
    protected Instant now() {
        return Instant.now();
    }

    @Override
    protected SaveResult afterItsLease() {
        return SaveResult.SAVED_LATE;
    }

    /** A network that fails once, at every place at which it can: whatever was lost, each thing is done, and once. */
    @Nested
    class ANetworkThatFailsOnce {
        /** Lives side by side, since each mostly waits: for an answer, or to try again. */
        private static final int LANES = 8;

        /** Longer than what a network takes at once, so that it also fails in the middle of a save. */
        private static final int LENGTH = 64 * 1024;

        /** One in so many places is tried, and another one each time; with this property each. */
        private static final boolean IS_WHOLE = Boolean.getBoolean("codexauth.every-place");

        private static final Health DEAD = Health.needing(
                new NeedsLogin(Instant.parse("2026-03-01T11:00:00Z"), NeedsLogin.Cause.REFRESH_TOKEN_REUSED));

        @ParameterizedTest
        @EnumSource
        void costsNothingWhereverItFails(CuttingProxy.Fault fault) throws Exception {
            int sampled = fault.isSlow() ? 8 : 3;
            int step = IS_WHOLE ? 1 : sampled;
            AtomicInteger places = new AtomicInteger(1 + new Random().nextInt(step));
            AtomicInteger farthest = new AtomicInteger();
            AtomicBoolean wasEverywhere = new AtomicBoolean();
            Callable<Void> lane = () -> {
                while (!wasEverywhere.get()) {
                    int place = places.getAndAdd(step);
                    if (failsAt(place, fault)) {
                        farthest.accumulateAndGet(place, Math::max);
                    } else {
                        wasEverywhere.set(true);
                    }
                }
                return null;
            };
            ExecutorService lanes = Executors.newFixedThreadPool(LANES);
            try {
                for (Future<Void> one : lanes.invokeAll(Collections.nCopies(LANES, lane))) {
                    one.get();
                }
            } finally {
                lanes.shutdownNow();
            }
            assertThat(farthest).as("the last place at which it failed").hasValueGreaterThan(25);
        }

        /** @return whether a life has as many places */
        private boolean failsAt(int place, CuttingProxy.Fault fault) throws Exception {
            CredentialId id = new CredentialId("life-" + place);
            String where = fault + " at place " + place;
            try (CuttingProxy proxy = new CuttingProxy(port())) {
                proxy.failAt(place, fault);
                live(id, open(proxy.port(), LeaseTimes.USUAL, Clock.systemUTC()), where);
                boolean failed = proxy.hasFailed();
                proxy.deliver();

                ServerStore direct = open();
                if (fault == CuttingProxy.Fault.ARRIVE_LATE && isTakenByWhatArrivesLate()) {
                    Optional<HeldLease> forNobody = direct.lease(id);
                    if (forNobody.isPresent()) {
                        direct.breakLease(id, forNobody.get().epoch());
                    }
                }
                assertThat(direct.occupancy(id)).as(where).isEmpty();
                assertThat(direct.aside(id)).as(where).containsExactly(stray(id));
                try (Lease lease = direct.acquire(id, NIGHTLY, Duration.ZERO, NOBODY_ASKED)) {
                    assertThat(lease.load()).as(where).contains(generation(id, 3));
                    assertThat(lease.loadPrevious()).as(where).contains(generation(id, 2));
                }
                return failed;
            }
        }

        /** All that is ever done with a login. */
        private void live(CredentialId id, ServerStore store, String where) throws Exception {
            CredentialRecord first = generation(id, 1);
            CredentialRecord second = generation(id, 2);
            CredentialRecord third = generation(id, 3);
            LeaseClaim claim;
            try (DetachableLease lease = store.acquire(id, DEPLOY, Duration.ZERO, NOBODY_ASKED)) {
                assertThat(lease.load()).as(where).isEmpty();
                lease.proveWritable();
                assertThat(lease.save(Revision.NONE, first)).as(where).isEqualTo(SaveResult.SAVED);
                assertThat(lease.note(Revision.of(first), DEAD)).as(where).isEqualTo(SaveResult.SAVED);
                assertThat(lease.load()).as(where).contains(first.with(DEAD));
                assertThat(lease.confirm().isHeld()).as(where).isTrue();
                assertThat(lease.save(Revision.of(first), second)).as(where).isEqualTo(SaveResult.SAVED);
                claim = lease.detach(Duration.ofHours(1));
            }
            try (DetachableLease lease = store.resume(id, claim)) {
                lease.proveWritable();
                assertThat(lease.save(Revision.of(second), third)).as(where).isEqualTo(SaveResult.SAVED);
                lease.detach(Duration.ofHours(1));
            }
            store.putAside(stray(id));
            assertThat(store.aside(id)).as(where).containsExactly(stray(id));
            HeldLease left = store.lease(id).orElseThrow();
            assertThat(store.breakLease(id, left.epoch())).as(where).isTrue();
            store.acquire(id, DEPLOY, Duration.ZERO, NOBODY_ASKED).close();
        }

        private StrayRecord stray(CredentialId id) {
            return new StrayRecord("00000000000a", "a test", Records.attempt(id, 7, 1));
        }

        private CredentialRecord generation(CredentialId id, long generation) {
            byte[] payload = new byte[LENGTH];
            new Random(generation).nextBytes(payload);
            return Records.record(Records.envelope(id, generation), payload);
        }
    }

    /** As when its machine sleeps: nothing of it renews its lease, and then it goes on. */
    @Nested
    class AHolderThatIsPausedForLongerThanItsLease {
        /** More than a term, and more than the second to which a server may tell its time. */
        private static final Duration PAUSE = Duration.ofSeconds(66);

        @Test
        void savesTheOnlyCopyIfNobodyElseSaved() throws Exception {
            CredentialRecord first = store(CODEX_CI);
            Lease paused = acquire(here(), DEPLOY);
            letPass(PAUSE);
            try (Lease next = acquire(elsewhere(), NIGHTLY)) {
                CredentialRecord refreshed = Records.attempt(CODEX_CI, 2, 1);

                assertThat(paused.save(Revision.of(first), refreshed)).isEqualTo(SaveResult.SAVED_LATE);

                assertThat(next.save(Revision.of(first), Records.attempt(CODEX_CI, 2, 2)))
                        .isEqualTo(SaveResult.CONFLICT);
                assertThat(next.load()).contains(refreshed);
            }
        }

        @Test
        void overwritesNothingThatTheNextHolderSaved() throws Exception {
            CredentialRecord first = store(CODEX_CI);
            Lease paused = acquire(here(), DEPLOY);
            letPass(PAUSE);
            try (Lease next = acquire(elsewhere(), NIGHTLY)) {
                CredentialRecord theirs = Records.attempt(CODEX_CI, 2, 1);
                next.save(Revision.of(first), theirs);

                assertThat(paused.save(Revision.of(first), Records.attempt(CODEX_CI, 2, 2)))
                        .isEqualTo(SaveResult.CONFLICT);

                assertThat(next.load()).contains(theirs);
                paused.close();
                assertThat(next.state().isHeld()).isTrue();
                assertThat(here().occupancy(CODEX_CI)).map(Occupancy::holder).contains(NIGHTLY);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 365})
    void aClockThatIsDaysWrongEndsNoLeaseAndTakesNone(int days) throws Exception {
        clock.advance(Duration.between(clock.instant(), Instant.now()).plusDays(days));
        DetachableStore wrong = open(port(), LeaseTimes.USUAL, clock);
        Holder holder = new Holder("a job with a wrong clock", clock.instant());
        try (Lease lease = acquire(wrong, holder)) {
            assertThat(lease.state().isHeld()).isTrue();
            assertThatExceptionOfType(CredentialBusyException.class).isThrownBy(() -> acquire(here(), NIGHTLY));
        }
        try (Lease lease = acquire(here(), NIGHTLY)) {
            assertThatExceptionOfType(CredentialBusyException.class).isThrownBy(() -> acquire(wrong, holder));
            assertThat(lease.state().isHeld()).isTrue();
        }
    }
}
