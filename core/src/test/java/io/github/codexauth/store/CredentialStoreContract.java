package io.github.codexauth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.CredentialId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every {@link CredentialStore} has to do. The test of a store extends this class and says how to reach the store.
 *
 * <p>Two instances stand for two machines: what one does the other has to see, and neither may hold what the other
 * holds.
 */
public abstract class CredentialStoreContract {
    protected static final CredentialId CODEX_CI = new CredentialId("codex-ci");
    protected static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    protected static final Holder DEPLOY = new Holder("job deploy/main #41", Instant.parse("2026-03-01T10:02:11Z"));
    protected static final Holder NIGHTLY = new Holder("job nightly #7", Instant.parse("2026-03-01T11:30:00Z"));

    private static final NeedsLogin DEAD =
            new NeedsLogin(Instant.parse("2026-03-01T11:00:00Z"), NeedsLogin.Cause.REFRESH_TOKEN_REUSED);

    /** Long enough for any machine; nothing waits this long unless it fails. */
    protected static final Duration PATIENCE = Duration.ofMinutes(1);

    protected static final Consumer<Occupancy> NOBODY_ASKED = occupancy -> {};

    private final ExecutorService others = Executors.newCachedThreadPool();
    private CredentialStore here;
    private CredentialStore elsewhere;

    /** A new instance on the store of this test, which is empty when the test begins. Called several times. */
    protected abstract CredentialStore open() throws Exception;

    /** Spoils the current generation behind the store's back, so that it cannot be read any more. */
    protected abstract void damageCurrent(CredentialId id) throws Exception;

    /**
     * What a save answers whose lease has ended: {@link SaveResult#SAVED_LATE} from a store that takes it all the same.
     */
    protected SaveResult afterItsLease() {
        return SaveResult.LEASE_LOST;
    }

    /** The longest login that the store takes, in bytes; a real one has some thousands. */
    protected int longestPayload() {
        return 1024 * 1024;
    }

    @BeforeEach
    void openTwice() throws Exception {
        here = open();
        elsewhere = open();
    }

    @AfterEach
    void leaveNoThreads() {
        others.shutdownNow();
    }

    /** The store as this process sees it. */
    protected CredentialStore here() {
        return here;
    }

    /** The same store as another process sees it. */
    protected CredentialStore elsewhere() {
        return elsewhere;
    }

    protected final Lease acquire(CredentialStore store, Holder holder) throws Exception {
        return store.acquire(CODEX_CI, holder, Duration.ZERO, NOBODY_ASKED);
    }

    /** What {@link #store} makes of a generation. */
    protected static Revision revision(long generation) {
        return Revision.of(Records.generation(CODEX_CI, generation));
    }

    /** Puts the next generation into the store. */
    protected final CredentialRecord store(CredentialId id) throws Exception {
        try (Lease lease = here.acquire(id, DEPLOY, PATIENCE, NOBODY_ASKED)) {
            Revision current = Revision.of(lease.load());
            CredentialRecord next = Records.generation(id, current.generation() + 1);
            assertThat(lease.save(current, next)).isEqualTo(SaveResult.SAVED);
            return next;
        }
    }

    /** Somebody who waits for the credential in a thread of his own. */
    protected final class Waiter {
        public final List<Occupancy> told = new CopyOnWriteArrayList<>();
        public final Future<Lease> lease;

        public Waiter(CredentialStore store, Holder holder, Duration wait) {
            lease = others.submit(() -> store.acquire(CODEX_CI, holder, wait, told::add));
        }

        public void awaitTold(Occupancy occupancy) {
            await().atMost(PATIENCE).until(() -> told.contains(occupancy));
        }
    }

    @Nested
    class SavingARecord {
        @Test
        void anEmptyStoreHasNothing() throws Exception {
            assertThat(here.list()).isEmpty();
            assertThat(here.peek(CODEX_CI)).isEmpty();
            assertThat(here.occupancy(CODEX_CI)).isEmpty();
            try (Lease lease = acquire(here, DEPLOY)) {
                assertThat(lease.id()).isEqualTo(CODEX_CI);
                assertThat(lease.load()).isEmpty();
                assertThat(lease.loadPrevious()).isEmpty();
            }
        }

        @Test
        void aRecordComesBackAsItWasSaved() throws Exception {
            CredentialRecord saved;
            try (Lease lease = acquire(here, DEPLOY)) {
                saved = Records.generation(CODEX_CI, 1);
                assertThat(lease.save(Revision.NONE, saved)).isEqualTo(SaveResult.SAVED);
                assertThat(lease.load()).contains(saved);
            }
            try (Lease lease = acquire(elsewhere, NIGHTLY)) {
                assertThat(lease.load()).contains(saved);
            }
            assertThat(elsewhere.peek(CODEX_CI)).contains(saved.envelope());
        }

        @Test
        void whatALoginDoesNotSayStaysUnsaid() throws Exception {
            Envelope sparse = new Envelope(
                    CODEX_CI, 1, NOW, "", "s", "a", Optional.empty(), Instant.EPOCH, Optional.empty(), List.of());
            CredentialRecord saved = new CredentialRecord(sparse, Encryption.AGE, new byte[] {0});
            try (Lease lease = acquire(here, DEPLOY)) {
                lease.save(Revision.NONE, saved);
                assertThat(lease.load()).contains(saved);
            }
        }

        @Test
        void everyByteOfALargePayloadIsKept() throws Exception {
            byte[] large = new byte[longestPayload()];
            new Random(1).nextBytes(large);
            CredentialRecord saved = Records.record(Records.envelope(CODEX_CI, 1), large);
            try (Lease lease = acquire(here, DEPLOY)) {
                lease.save(Revision.NONE, saved);
                assertThat(lease.load()).contains(saved);
            }
        }

        @Test
        void aSaveReplacesOnlyTheGenerationItNames() throws Exception {
            CredentialRecord stored = store(CODEX_CI);
            try (Lease lease = acquire(here, DEPLOY)) {
                assertThat(lease.save(Revision.NONE, Records.generation(CODEX_CI, 1)))
                        .isEqualTo(SaveResult.CONFLICT);
                assertThat(lease.save(revision(2), Records.generation(CODEX_CI, 3)))
                        .isEqualTo(SaveResult.CONFLICT);
                assertThat(lease.load()).contains(stored);
                assertThat(lease.loadPrevious()).isEmpty();

                assertThat(lease.save(revision(1), Records.generation(CODEX_CI, 2)))
                        .isEqualTo(SaveResult.SAVED);
            }
        }

        @Test
        void aSaveIntoAnEmptyStoreMustNotExpectAnything() throws Exception {
            try (Lease lease = acquire(here, DEPLOY)) {
                assertThat(lease.save(revision(1), Records.generation(CODEX_CI, 2)))
                        .isEqualTo(SaveResult.CONFLICT);
                assertThat(lease.load()).isEmpty();
            }
            assertThat(here.list()).isEmpty();
        }

        /** As when a person made the store anew during a job: the number is 1 again. */
        @Test
        void aSaveReplacesNoOtherRecordOfTheSameNumber() throws Exception {
            CredentialRecord stored = store(CODEX_CI);
            Revision same = Revision.of(stored);
            Revision ofAnotherSession = new Revision(1, "fedcba9876543210", same.sha256());
            Revision ofOtherContent =
                    new Revision(1, same.session(), revision(2).sha256());
            try (Lease lease = acquire(here, DEPLOY)) {
                for (Revision other : List.of(ofAnotherSession, ofOtherContent)) {
                    assertThat(lease.save(other, Records.generation(CODEX_CI, 2)))
                            .isEqualTo(SaveResult.CONFLICT);
                }
                assertThat(lease.load()).contains(stored);
            }
        }

        @Test
        void aSaveMayLeaveTheGenerationThatWasKeptBefore() throws Exception {
            CredentialRecord first = store(CODEX_CI);
            store(CODEX_CI);
            try (Lease lease = acquire(here, DEPLOY)) {
                lease.save(revision(2), Records.generation(CODEX_CI, 3), Keep.PREVIOUS);
                lease.save(revision(3), Records.generation(CODEX_CI, 4), Keep.PREVIOUS);

                assertThat(lease.load()).contains(Records.generation(CODEX_CI, 4));
                assertThat(lease.loadPrevious()).contains(first);
            }
        }

        @Test
        void whereNoneWasKeptTheReplacedGenerationIs() throws Exception {
            CredentialRecord first = store(CODEX_CI);
            try (Lease lease = acquire(here, DEPLOY)) {
                lease.save(revision(1), Records.generation(CODEX_CI, 2), Keep.PREVIOUS);

                assertThat(lease.loadPrevious()).contains(first);
            }
        }

        @Test
        void theGenerationBeforeIsKept() throws Exception {
            store(CODEX_CI);
            CredentialRecord second = store(CODEX_CI);
            CredentialRecord third = store(CODEX_CI);
            try (Lease lease = acquire(elsewhere, DEPLOY)) {
                assertThat(lease.load()).contains(third);
                assertThat(lease.loadPrevious()).contains(second);
            }
        }

        @Test
        void thatALoginNeedsANewOneIsNotedOnItsGenerationAndChangesNothingElse() throws Exception {
            CredentialRecord first = store(CODEX_CI);
            CredentialRecord second = store(CODEX_CI);

            try (Lease lease = acquire(here, DEPLOY)) {
                assertThat(lease.note(Revision.of(second), Health.needing(DEAD)))
                        .isEqualTo(SaveResult.SAVED);
            }

            assertThat(elsewhere.peek(CODEX_CI)).contains(second.envelope().with(Health.needing(DEAD)));
            try (Lease lease = acquire(elsewhere, NIGHTLY)) {
                assertThat(lease.load().orElseThrow().payload()).isEqualTo(second.payload());
                assertThat(lease.loadPrevious()).as("the good one before").contains(first);
            }
        }

        @Test
        void theNextGenerationIsAliveAndANoteCanBeTakenBack() throws Exception {
            CredentialRecord first = store(CODEX_CI);
            try (Lease lease = acquire(here, DEPLOY)) {
                lease.note(Revision.of(first), Health.needing(DEAD));
                assertThat(lease.note(Revision.of(first), Health.ALIVE)).isEqualTo(SaveResult.SAVED);
                assertThat(lease.load()).contains(first);
                lease.note(Revision.of(first), Health.needing(DEAD));
            }

            CredentialRecord second = store(CODEX_CI);

            assertThat(elsewhere.peek(CODEX_CI)).contains(second.envelope());
        }

        @Test
        void whatIsNotedOfAnotherGenerationOrWithoutALeaseIsNotNoted() throws Exception {
            CredentialRecord first = store(CODEX_CI);
            CredentialRecord second = store(CODEX_CI);
            Lease lost = acquire(here, DEPLOY);
            lost.close();

            assertThat(lost.note(Revision.of(second), Health.needing(DEAD))).isEqualTo(SaveResult.LEASE_LOST);
            try (Lease lease = acquire(here, DEPLOY)) {
                assertThat(lease.note(Revision.of(first), Health.needing(DEAD))).isEqualTo(SaveResult.CONFLICT);
            }

            assertThat(elsewhere.peek(CODEX_CI)).contains(second.envelope());
        }

        @Test
        void aStoreMadeAnewIsNotTakenForTheOneThatWasTried() throws Exception {
            CredentialRecord first = store(CODEX_CI);
            Revision tried =
                    new Revision(1, "fedcba9876543210", Revision.of(first).sha256());

            try (Lease lease = acquire(here, DEPLOY)) {
                assertThat(lease.note(tried, Health.needing(DEAD))).isEqualTo(SaveResult.CONFLICT);
            }

            assertThat(elsewhere.peek(CODEX_CI)).contains(first.envelope());
        }

        @Test
        void withoutALeaseNothingIsSavedOrOnlyTheNextState() throws Exception {
            CredentialRecord stored = store(CODEX_CI);
            CredentialRecord next = Records.generation(CODEX_CI, 2);
            Lease over = acquire(here, DEPLOY);
            over.close();

            assertThat(over.save(Revision.of(stored), next)).isEqualTo(afterItsLease());
            boolean saved = afterItsLease().isSaved();
            assertThat(here.peek(CODEX_CI)).contains(saved ? next.envelope() : stored.envelope());
            assertThat(over.save(Revision.NONE, Records.generation(CODEX_CI, 1)).isSaved())
                    .isFalse();
            assertThat(here.peek(CODEX_CI)).contains(saved ? next.envelope() : stored.envelope());
        }

        @Test
        void credentialsAreListedByNameOnceTheyHaveARecord() throws Exception {
            CredentialId beta = new CredentialId("team-b.codex_2");
            CredentialId alpha = new CredentialId("a");
            CredentialRecord ofBeta = store(beta);
            CredentialRecord ofAlpha = store(alpha);
            try (Lease onlyLeased = acquire(here, DEPLOY)) {
                assertThat(onlyLeased.load()).isEmpty();

                assertThat(elsewhere.list()).containsExactly(alpha, beta);
                assertThat(elsewhere.peek(alpha)).contains(ofAlpha.envelope());
                assertThat(elsewhere.peek(beta)).contains(ofBeta.envelope());
            }
        }

        @Test
        void provingThatItCanBeWrittenChangesNothing() throws Exception {
            CredentialRecord stored = store(CODEX_CI);
            try (Lease lease = acquire(here, DEPLOY)) {
                lease.proveWritable();
                lease.proveWritable();
                assertThat(lease.load()).contains(stored);
                assertThat(lease.loadPrevious()).isEmpty();
            }
            assertThat(here.list()).containsExactly(CODEX_CI);
        }

        /**
         * A pretend refresh token that each holder uses up: a second holder at the same time, or a lost save, breaks
         * the chain.
         */
        @Test
        void eightThreadsTakeTurnsAndLoseNoGeneration() throws Exception {
            int threads = 8;
            int turns = 6;
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                CredentialStore store = i % 2 == 0 ? here : elsewhere;
                Holder holder = new Holder("thread " + i, NOW);
                all.add(others.submit(() -> {
                    for (int turn = 0; turn < turns; turn++) {
                        try (Lease lease = store.acquire(CODEX_CI, holder, PATIENCE, NOBODY_ASKED)) {
                            Revision before = Revision.of(lease.load());
                            Thread.yield();
                            assertThat(lease.save(before, Records.generation(CODEX_CI, before.generation() + 1)))
                                    .isEqualTo(SaveResult.SAVED);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            assertThat(here.peek(CODEX_CI)).map(Envelope::generation).contains((long) threads * turns);
        }
    }

    @Nested
    class TakingTurns {
        @Test
        void whileOneHasTheCredentialNobodyElseGetsIt() throws Exception {
            try (Lease lease = acquire(here, DEPLOY)) {
                assertThat(lease.state().isHeld()).isTrue();
                for (CredentialStore store : List.of(here, elsewhere)) {
                    assertThatExceptionOfType(CredentialBusyException.class)
                            .isThrownBy(() -> acquire(store, NIGHTLY))
                            .satisfies(busy -> {
                                assertThat(busy.problem())
                                        .isEqualTo("credential 'codex-ci' is in use by job deploy/main #41"
                                                + " since 2026-03-01T10:02:11Z");
                                assertThat(busy.hint()).contains("--wait 15m");
                            });
                }
                assertThat(lease.state().isHeld()).isTrue();
            }
        }

        @Test
        void differentCredentialsDoNotWaitForEachOther() throws Exception {
            CredentialId other = new CredentialId("other");
            try (Lease one = acquire(here, DEPLOY);
                    Lease two = here.acquire(other, DEPLOY, Duration.ZERO, NOBODY_ASKED)) {
                assertThat(one.state().isHeld()).isTrue();
                assertThat(two.state().isHeld()).isTrue();
            }
        }

        @Test
        void itIsFreeAgainAfterClose() throws Exception {
            acquire(here, DEPLOY).close();
            try (Lease lease = acquire(elsewhere, NIGHTLY)) {
                assertThat(lease.state().isHeld()).isTrue();
            }
        }

        @Test
        void aClosedLeaseIsLostAndStaysSo() throws Exception {
            Lease over = acquire(here, DEPLOY);
            over.close();
            assertThat(over.state().isHeld()).isFalse();
            try (Lease next = acquire(elsewhere, NIGHTLY)) {
                over.close();
                assertThat(over.state().isHeld()).isFalse();
                assertThat(next.state().isHeld()).isTrue();
                assertThat(here.occupancy(CODEX_CI)).contains(new Occupancy(NIGHTLY, Optional.empty()));
            }
        }

        @Test
        void everybodyCanSeeWhoHasItAndSinceWhen() throws Exception {
            try (Lease lease = acquire(here, DEPLOY)) {
                assertThat(lease.id()).isEqualTo(CODEX_CI);
                for (CredentialStore store : List.of(here, elsewhere)) {
                    assertThat(store.occupancy(CODEX_CI)).contains(new Occupancy(DEPLOY, Optional.empty()));
                }
            }
            assertThat(elsewhere.occupancy(CODEX_CI)).isEmpty();
        }

        @Test
        void lookingDoesNotFreeIt() throws Exception {
            try (Lease lease = acquire(here, DEPLOY)) {
                here.occupancy(CODEX_CI);
                elsewhere.occupancy(CODEX_CI);
                here.peek(CODEX_CI);
                here.list();
                assertThatExceptionOfType(CredentialBusyException.class).isThrownBy(() -> acquire(elsewhere, NIGHTLY));
                assertThat(lease.state().isHeld()).isTrue();
            }
        }

        @Test
        void whoeverWaitsIsToldWhoHasItAndGetsItNext() throws Exception {
            Waiter waiter;
            try (Lease lease = acquire(here, DEPLOY)) {
                waiter = new Waiter(elsewhere, NIGHTLY, PATIENCE);
                waiter.awaitTold(new Occupancy(DEPLOY, Optional.empty()));
                assertThat(waiter.lease).isNotDone();
                assertThat(lease.state().isHeld()).isTrue();
            }
            try (Lease lease = waiter.lease.get()) {
                assertThat(lease.state().isHeld()).isTrue();
                assertThat(here.occupancy(CODEX_CI)).contains(new Occupancy(NIGHTLY, Optional.empty()));
            }
            assertThat(waiter.told).doesNotHaveDuplicates();
        }

        @Test
        void thoseWhoWaitAreCounted() throws Exception {
            assertThat(here.waiters(CODEX_CI)).hasValue(0);
            Waiter waiter;
            try (Lease lease = acquire(here, DEPLOY)) {
                assertThat(here.waiters(CODEX_CI)).hasValue(0);
                waiter = new Waiter(elsewhere, NIGHTLY, PATIENCE);
                waiter.awaitTold(new Occupancy(DEPLOY, Optional.empty()));
                assertThat(here.waiters(CODEX_CI)).hasValue(1);
                assertThat(lease.state().isHeld()).isTrue();
            }
            waiter.lease.get().close();
            assertThat(here.waiters(CODEX_CI)).hasValue(0);
        }

        @Test
        void whoeverNeedNotWaitIsToldNothing() throws Exception {
            List<Occupancy> told = new ArrayList<>();
            here.acquire(CODEX_CI, DEPLOY, PATIENCE, told::add).close();
            assertThat(told).isEmpty();
        }

        @Test
        void aNewLeaseSeesWhatTheLastOneSavedWhileItWaited() throws Exception {
            Waiter waiter;
            CredentialRecord saved = Records.generation(CODEX_CI, 1);
            try (Lease lease = acquire(here, DEPLOY)) {
                waiter = new Waiter(elsewhere, NIGHTLY, PATIENCE);
                waiter.awaitTold(new Occupancy(DEPLOY, Optional.empty()));
                lease.save(Revision.NONE, saved);
            }
            try (Lease lease = waiter.lease.get()) {
                assertThat(lease.load()).contains(saved);
            }
        }

        @Test
        void waitingHasAnEnd() throws Exception {
            try (Lease lease = acquire(here, DEPLOY)) {
                Waiter waiter = new Waiter(elsewhere, NIGHTLY, Duration.ofMillis(300));
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(waiter.lease::get)
                        .withCauseInstanceOf(CredentialBusyException.class);
                assertThat(waiter.told).contains(new Occupancy(DEPLOY, Optional.empty()));
                assertThat(lease.state().isHeld()).isTrue();
            }
            acquire(elsewhere, NIGHTLY).close();
        }

        @Test
        void anInterruptEndsTheWaitAndHoldsNothing() throws Exception {
            try (Lease lease = acquire(here, DEPLOY)) {
                Waiter waiter = new Waiter(elsewhere, NIGHTLY, PATIENCE);
                waiter.awaitTold(new Occupancy(DEPLOY, Optional.empty()));
                waiter.lease.cancel(true);
                assertThat(lease.state().isHeld()).isTrue();
            }
            try (Lease next = here.acquire(CODEX_CI, DEPLOY, PATIENCE, NOBODY_ASKED)) {
                assertThat(next.state().isHeld()).isTrue();
            }
        }

        @Test
        void aListenerThatFailsHoldsNothing() throws Exception {
            try (Lease lease = acquire(here, DEPLOY)) {
                assertThatExceptionOfType(IllegalStateException.class)
                        .isThrownBy(() -> elsewhere.acquire(CODEX_CI, NIGHTLY, PATIENCE, occupancy -> {
                            throw new IllegalStateException("the log is closed");
                        }));
                assertThat(lease.state().isHeld()).isTrue();
            }
            acquire(here, DEPLOY).close();
        }
    }

    @Nested
    class ADamagedRecord {
        @Test
        void isNeverTakenForALogin() throws Exception {
            store(CODEX_CI);
            damageCurrent(CODEX_CI);
            try (Lease lease = acquire(here, DEPLOY)) {
                assertThatExceptionOfType(CorruptRecordException.class)
                        .isThrownBy(lease::load)
                        .satisfies(corrupt -> assertThat(corrupt.hint()).contains("codex-ci"));
            }
            assertThatExceptionOfType(CorruptRecordException.class).isThrownBy(() -> elsewhere.peek(CODEX_CI));
            assertThat(elsewhere.list()).containsExactly(CODEX_CI);
        }

        @Test
        void isNotOverwritten() throws Exception {
            store(CODEX_CI);
            damageCurrent(CODEX_CI);
            try (Lease lease = acquire(here, DEPLOY)) {
                for (Revision expected : List.of(Revision.NONE, revision(1), revision(2))) {
                    CredentialRecord next = Records.generation(CODEX_CI, expected.generation() + 1);
                    assertThatExceptionOfType(CorruptRecordException.class)
                            .isThrownBy(() -> lease.save(expected, next));
                }
            }
        }

        @Test
        void givesWayToTheGenerationBefore() throws Exception {
            CredentialRecord first = store(CODEX_CI);
            store(CODEX_CI);
            damageCurrent(CODEX_CI);
            try (Lease lease = acquire(here, DEPLOY)) {
                assertThat(lease.loadPrevious()).contains(first);
                assertThat(lease.setDamagedAside()).isTrue();
                assertThat(lease.load()).contains(first);
                assertThat(lease.save(revision(1), Records.generation(CODEX_CI, 2)))
                        .isEqualTo(SaveResult.SAVED);
            }
        }

        @Test
        void givesWayToNothingIfItWasTheFirst() throws Exception {
            store(CODEX_CI);
            damageCurrent(CODEX_CI);
            try (Lease lease = acquire(here, DEPLOY)) {
                assertThat(lease.setDamagedAside()).isTrue();
                assertThat(lease.load()).isEmpty();
                assertThat(lease.save(Revision.NONE, Records.generation(CODEX_CI, 1)))
                        .isEqualTo(SaveResult.SAVED);
            }
        }

        @Test
        void isTheOnlyThingThatIsSetAside() throws Exception {
            try (Lease lease = acquire(here, DEPLOY)) {
                assertThat(lease.setDamagedAside()).isFalse();
            }
            CredentialRecord stored = store(CODEX_CI);
            try (Lease lease = acquire(here, DEPLOY)) {
                assertThat(lease.setDamagedAside()).isFalse();
                assertThat(lease.load()).contains(stored);
            }
        }
    }
}
