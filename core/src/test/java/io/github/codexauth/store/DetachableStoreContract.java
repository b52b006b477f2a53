package io.github.codexauth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.github.codexauth.testing.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every {@link DetachableStore} has to do besides what every store does. The test of such a store extends this
 * class and says how to reach the store.
 */
public abstract class DetachableStoreContract extends CredentialStoreContract {
    /** The time by which the stores that {@link #open} opens end detached leases. */
    protected final TestClock clock = new TestClock(NOW);

    /** Lets the store believe that time has passed. */
    protected void letPass(Duration time) throws Exception {
        clock.advance(time);
    }

    /** The time by which the store ends leases. */
    protected Instant now() {
        return clock.instant();
    }

    @Override
    protected abstract DetachableStore open() throws Exception;

    @Override
    protected final DetachableStore here() {
        return (DetachableStore) super.here();
    }

    @Override
    protected final DetachableStore elsewhere() {
        return (DetachableStore) super.elsewhere();
    }

    protected final DetachableLease acquire(DetachableStore store, Holder holder) throws Exception {
        return store.acquire(CODEX_CI, holder, Duration.ZERO, NOBODY_ASKED);
    }

    /** Between {@code restore} and {@code persist} no process holds the credential, and yet nobody else may have it. */
    @Nested
    class LeavingALease {
        private static final Duration TWO_HOURS = Duration.ofHours(2);

        private LeaseClaim detach() throws Exception {
            return acquire(here(), DEPLOY).detach(TWO_HOURS);
        }

        /** What everybody is told of a lease that was left. */
        private Occupancy left() throws Exception {
            Occupancy left = here().occupancy(CODEX_CI).orElseThrow();
            assertThat(left.holder()).isEqualTo(DEPLOY);
            assertThat(left.until().orElseThrow()).isCloseTo(now().plus(TWO_HOURS), within(1, ChronoUnit.MINUTES));
            return left;
        }

        @Test
        void aDetachedLeaseKeepsOthersOutUntilItsDeadline() throws Exception {
            detach();
            for (DetachableStore store : List.of(here(), elsewhere())) {
                Occupancy left = left();
                assertThat(store.occupancy(CODEX_CI)).contains(left);
                assertThatExceptionOfType(CredentialBusyException.class)
                        .isThrownBy(() -> acquire(store, NIGHTLY))
                        .satisfies(busy -> assertThat(busy.problem())
                                .isEqualTo("credential 'codex-ci' is in use by job deploy/main #41 since"
                                        + " 2026-03-01T10:02:11Z, at the latest until "
                                        + left.until().orElseThrow().truncatedTo(ChronoUnit.SECONDS)));
            }

            letPass(Duration.ofHours(2));

            assertThat(elsewhere().occupancy(CODEX_CI)).isEmpty();
            try (Lease next = acquire(elsewhere(), NIGHTLY)) {
                assertThat(next.state().isHeld()).isTrue();
            }
        }

        @Test
        void whoeverWaitsForADetachedLeaseIsToldWhenItEndsAndGetsItThen() throws Exception {
            detach();
            Occupancy left = left();
            Waiter waiter = new Waiter(elsewhere(), NIGHTLY, PATIENCE);
            waiter.awaitTold(left);

            letPass(Duration.ofHours(3));

            waiter.lease.get().close();
        }

        @Test
        void theClaimTakesItUpAgain() throws Exception {
            CredentialRecord stored = store(CODEX_CI);
            LeaseClaim claim = detach();
            try (Lease resumed = elsewhere().resume(CODEX_CI, claim)) {
                assertThat(resumed.state().isHeld()).isTrue();
                assertThat(resumed.load()).contains(stored);
                assertThat(resumed.save(revision(1), Records.generation(CODEX_CI, 2)))
                        .isEqualTo(SaveResult.SAVED);
                assertThat(here().occupancy(CODEX_CI)).contains(new Occupancy(DEPLOY, Optional.empty()));
                assertThatExceptionOfType(CredentialBusyException.class).isThrownBy(() -> acquire(here(), NIGHTLY));
            }
            acquire(here(), NIGHTLY).close();
        }

        @Test
        void itCanBeLeftSeveralTimes() throws Exception {
            LeaseClaim first = detach();
            LeaseClaim second = elsewhere().resume(CODEX_CI, first).detach(TWO_HOURS);

            assertThat(second).isNotEqualTo(first);
            assertThatExceptionOfType(LeaseGoneException.class).isThrownBy(() -> here().resume(CODEX_CI, first));
            here().resume(CODEX_CI, second).close();
            assertThat(here().occupancy(CODEX_CI)).isEmpty();
        }

        @Test
        void whileItsWaiterWaitsTheClaimStillTakesItUp() throws Exception {
            LeaseClaim claim = detach();
            Waiter waiter = new Waiter(elsewhere(), NIGHTLY, PATIENCE);
            waiter.awaitTold(left());
            try (Lease resumed = here().resume(CODEX_CI, claim)) {
                assertThat(resumed.state().isHeld()).isTrue();
                assertThat(waiter.lease).isNotDone();
            }
            waiter.lease.get().close();
        }

        @Test
        void aClaimIsGoodOnce() throws Exception {
            LeaseClaim claim = detach();
            try (Lease resumed = elsewhere().resume(CODEX_CI, claim)) {
                assertThatExceptionOfType(LeaseGoneException.class).isThrownBy(() -> here().resume(CODEX_CI, claim));
                assertThat(resumed.state().isHeld()).isTrue();
            }
            assertThatExceptionOfType(LeaseGoneException.class).isThrownBy(() -> here().resume(CODEX_CI, claim));
        }

        @Test
        void aWrongClaimTakesNothing() throws Exception {
            LeaseClaim claim = detach();
            LeaseClaim wrong = new LeaseClaim("0".repeat(32));
            assertThatExceptionOfType(LeaseGoneException.class)
                    .isThrownBy(() -> elsewhere().resume(CODEX_CI, wrong))
                    .satisfies(gone -> {
                        assertThat(gone.problem()).contains("codex-ci");
                        assertThat(gone.problem() + gone.hint()).doesNotContain(claim.value());
                    });
            assertThat(left().until()).isPresent();
            here().resume(CODEX_CI, claim).close();
        }

        @Test
        void aClaimOfACredentialThatNobodyLeftIsGone() throws Exception {
            assertThatExceptionOfType(LeaseGoneException.class)
                    .isThrownBy(() -> here().resume(CODEX_CI, new LeaseClaim("0".repeat(32))));
        }

        @Test
        void afterItsDeadlineTheClaimIsGoodAsLongAsNobodyTookTheCredential() throws Exception {
            LeaseClaim claim = detach();
            letPass(Duration.ofDays(1));
            LeaseClaim again = elsewhere().resume(CODEX_CI, claim).detach(Duration.ofSeconds(60));

            letPass(Duration.ofDays(1));
            acquire(here(), NIGHTLY).close();

            assertThatExceptionOfType(LeaseGoneException.class)
                    .isThrownBy(() -> elsewhere().resume(CODEX_CI, again));
        }

        @Test
        void aClosedLeaseCannotBeLeft() throws Exception {
            DetachableLease over = acquire(here(), DEPLOY);
            over.close();
            try (Lease next = acquire(elsewhere(), NIGHTLY)) {
                assertThatExceptionOfType(StoreException.class).isThrownBy(() -> over.detach(TWO_HOURS));
                assertThat(next.state().isHeld()).isTrue();
                assertThat(here().occupancy(CODEX_CI)).contains(new Occupancy(NIGHTLY, Optional.empty()));
            }
            assertThat(here().occupancy(CODEX_CI)).isEmpty();
        }

        @Test
        void aLeaseThatWasLeftSavesNothingMore() throws Exception {
            DetachableLease lease = acquire(here(), DEPLOY);
            lease.detach(TWO_HOURS);
            assertThat(lease.state().isHeld()).isFalse();
            assertThat(lease.save(Revision.NONE, Records.generation(CODEX_CI, 1)))
                    .isEqualTo(afterItsLease());
            lease.close();
            assertThat(elsewhere().occupancy(CODEX_CI)).contains(left());
        }

        private long epoch() throws Exception {
            return here().lease(CODEX_CI).orElseThrow().epoch();
        }

        @Test
        void anOperatorCanEndADetachedLease() throws Exception {
            LeaseClaim claim = detach();
            HeldLease left = elsewhere().lease(CODEX_CI).orElseThrow();
            assertThat(left.occupancy()).isEqualTo(left());

            assertThat(elsewhere().breakLease(CODEX_CI, left.epoch())).isTrue();

            assertThat(here().occupancy(CODEX_CI)).isEmpty();
            assertThat(here().lease(CODEX_CI)).isEmpty();
            assertThatExceptionOfType(LeaseGoneException.class).isThrownBy(() -> here().resume(CODEX_CI, claim));
            acquire(here(), NIGHTLY).close();
        }

        /** The same job may have taken it again since the operator looked. */
        @Test
        void anOperatorEndsOnlyTheLeaseThatWasSeen() throws Exception {
            detach();
            long seen = epoch();
            elsewhere().breakLease(CODEX_CI, seen);
            LeaseClaim claim = detach();

            assertThat(elsewhere().breakLease(CODEX_CI, seen)).isFalse();
            assertThat(elsewhere().breakLease(CODEX_CI, epoch() + 1)).isFalse();

            here().resume(CODEX_CI, claim).close();
        }

        /** Whoever took it up may be storing the login just now. */
        @Test
        void anOperatorDoesNotEndALeaseThatWasTakenUpSinceItWasSeen() throws Exception {
            LeaseClaim claim = detach();
            long seen = epoch();
            try (Lease resumed = here().resume(CODEX_CI, claim)) {
                assertThat(elsewhere().breakLease(CODEX_CI, seen)).isFalse();
                assertThat(resumed.confirm().isHeld()).isTrue();
            }
        }

        /** Where a save goes by what it replaces, an operator need not wait for a holder that does not answer. */
        @Test
        void aLivingHolderKeepsItsLeaseWhereItsSavesDependOnIt() throws Exception {
            boolean ends = afterItsLease().isSaved();
            CredentialRecord first = store(CODEX_CI);
            try (Lease lease = acquire(here(), DEPLOY)) {
                assertThat(elsewhere().breakLease(CODEX_CI, epoch())).isEqualTo(ends);

                assertThat(lease.confirm().isHeld()).isEqualTo(!ends);
                assertThat(elsewhere().lease(CODEX_CI).isPresent()).isEqualTo(!ends);
                assertThat(lease.save(Revision.of(first), Records.generation(CODEX_CI, 2)))
                        .isEqualTo(ends ? SaveResult.SAVED_LATE : SaveResult.SAVED);
            }
        }

        @Test
        void aBrokenHolderOverwritesNothingThatTheNextOneSaved() throws Exception {
            CredentialRecord first = store(CODEX_CI);
            Lease broken = acquire(here(), DEPLOY);
            if (!elsewhere().breakLease(CODEX_CI, epoch())) {
                broken.close();
            }
            try (Lease next = acquire(elsewhere(), NIGHTLY)) {
                CredentialRecord theirs = Records.attempt(CODEX_CI, 2, 1);
                assertThat(next.save(Revision.of(first), theirs)).isEqualTo(SaveResult.SAVED);

                assertThat(broken.save(Revision.of(first), Records.attempt(CODEX_CI, 2, 2)))
                        .isNotEqualTo(SaveResult.SAVED)
                        .isNotEqualTo(SaveResult.SAVED_LATE);
                broken.close();

                assertThat(next.load()).contains(theirs);
                assertThat(next.confirm().isHeld()).isTrue();
            }
        }

        @Test
        void noEpochEverGoesDown() throws Exception {
            List<Long> epochs = new ArrayList<>();
            for (int time = 0; time < 3; time++) {
                try (Lease lease = acquire(here(), DEPLOY)) {
                    lease.confirm();
                    epochs.add(epoch());
                }
                LeaseClaim claim = acquire(elsewhere(), NIGHTLY).detach(TWO_HOURS);
                epochs.add(epoch());
                here().resume(CODEX_CI, claim).detach(TWO_HOURS);
                epochs.add(epoch());
                assertThat(elsewhere().breakLease(CODEX_CI, epoch())).isTrue();
            }
            assertThat(epochs).isSorted().doesNotHaveDuplicates();
        }

        @Test
        void nobodysLeaseCannotBeEnded() throws Exception {
            assertThat(here().breakLease(CODEX_CI, 1)).isFalse();
            store(CODEX_CI);
            assertThat(here().breakLease(CODEX_CI, 1)).isFalse();
            assertThat(here().lease(CODEX_CI)).isEmpty();
        }
    }
}
