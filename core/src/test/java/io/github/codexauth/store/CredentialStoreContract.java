package io.github.codexauth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.CredentialId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every store has to do. A store's own test extends this class and says how to open two views of the same store. */
public abstract class CredentialStoreContract {
    protected static final CredentialId CI = new CredentialId("ci");
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Instant SINCE = Instant.parse("2026-11-24T10:02:00Z");
    private static final Holder FIRST = new Holder("job first #1", SINCE);
    private static final Holder SECOND = new Holder("job second #2", SINCE.plusSeconds(5));

    /** The store under test; every call gives another view of the same one, as another process has it. */
    protected abstract CredentialStore open() throws StoreException;

    @Test
    void anEmptyStoreHasNothing() throws Exception {
        assertThat(open().list()).isEmpty();
        assertThat(open().peek(CI)).isEmpty();
        assertThat(open().occupancy(CI)).isEmpty();
        try (Lease lease = take(FIRST)) {
            assertThat(lease.load()).isEmpty();
            assertThat(lease.loadPrevious()).isEmpty();
        }
    }

    @Test
    void whatWasSavedIsReadBackExactlyByEverybody() throws Exception {
        CredentialRecord record = record(1, "exact\u0000bytes\n");
        try (Lease lease = take(FIRST)) {
            assertThat(lease.save(0, record)).isEqualTo(SaveResult.SAVED);
            assertThat(lease.load()).contains(record);
        }

        try (Lease lease = take(SECOND)) {
            assertThat(lease.load()).contains(record);
        }
        assertThat(open().list()).containsExactly(CI);
        assertThat(open().peek(CI)).contains(record.envelope());
    }

    @Test
    void aSaveThatStartedFromAnotherGenerationStoresNothing() throws Exception {
        try (Lease lease = take(FIRST)) {
            lease.save(0, record(1, "one"));

            assertThat(lease.save(0, record(1, "other"))).isEqualTo(SaveResult.CONFLICT);
            assertThat(lease.save(2, record(3, "other"))).isEqualTo(SaveResult.CONFLICT);
            assertThat(lease.load()).contains(record(1, "one"));
        }
    }

    @Test
    void thePreviousGenerationIsKept() throws Exception {
        try (Lease lease = take(FIRST)) {
            lease.save(0, record(1, "one"));
            lease.save(1, record(2, "two"));
            lease.save(2, record(3, "three"));

            assertThat(lease.load()).contains(record(3, "three"));
            assertThat(lease.loadPrevious()).contains(record(2, "two"));
        }
    }

    @Test
    void oneHolderAtATimeAndTheOthersAreToldWho() throws Exception {
        Lease lease = take(FIRST);

        assertThatThrownBy(() -> take(SECOND))
                .isInstanceOf(CredentialBusyException.class)
                .hasMessageContaining("job first #1")
                .hasMessageContaining(SINCE.toString());
        assertThat(open().occupancy(CI)).contains(new Occupancy(FIRST, Optional.empty()));
        lease.close();
        assertThat(open().occupancy(CI)).isEmpty();
        take(SECOND).close();
    }

    @Test
    void anotherCredentialIsFree() throws Exception {
        Lease lease = take(FIRST);

        open().acquire(new CredentialId("other"), SECOND, Duration.ZERO, busy -> {})
                .close();
        lease.close();
    }

    @Test
    void whoWaitsIsToldOnceAndGetsItWhenItIsFreed() throws Exception {
        Lease lease = take(FIRST);
        List<Occupancy> told = new CopyOnWriteArrayList<>();
        CompletableFuture<Lease> waiting = inBackground(told);
        await().until(() -> told.size() == 1);

        lease.close();

        waiting.get().close();
        assertThat(told).containsExactly(new Occupancy(FIRST, Optional.empty()));
    }

    @Test
    void thirtyTwoThreadsTakeTurns() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger together = new AtomicInteger();
        List<CompletableFuture<Lease>> all = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            all.add(inBackground(new CopyOnWriteArrayList<>()).thenApply(lease -> {
                together.accumulateAndGet(inside.incrementAndGet(), Math::max);
                inside.decrementAndGet();
                lease.close();
                return lease;
            }));
        }

        for (CompletableFuture<Lease> each : all) {
            each.get();
        }

        assertThat(together).hasValue(1);
    }

    @Test
    void anInterruptEndsTheWaitAndLeavesNothingHeld() throws Exception {
        Lease lease = take(FIRST);
        List<Occupancy> told = new CopyOnWriteArrayList<>();
        Thread waiting = new Thread(() -> {
            try {
                open().acquire(CI, SECOND, LONG, told::add);
            } catch (InterruptedException expected) {
                told.add(new Occupancy(SECOND, Optional.empty()));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        waiting.start();
        await().until(() -> told.size() == 1);

        waiting.interrupt();
        waiting.join();

        assertThat(told).hasSize(2);
        lease.close();
        take(FIRST).close();
    }

    @Test
    void aClosedLeaseSavesNothingAndCanBeClosedAgain() throws Exception {
        Lease lease = take(FIRST);
        lease.close();
        lease.close();

        assertThat(lease.save(0, record(1, "late"))).isEqualTo(SaveResult.LEASE_LOST);
        assertThat(lease.renew()).isFalse();
        assertThat(open().peek(CI)).isEmpty();
    }

    @Test
    void aDetachedLeaseBelongsToItsClaimUntilItsDeadline() throws Exception {
        Instant deadline = now().plus(LONG);
        Lease first = take(FIRST);
        first.save(0, record(1, "one"));
        LeaseClaim claim = first.detach(deadline);

        assertThatThrownBy(() -> take(SECOND)).isInstanceOf(CredentialBusyException.class);
        assertThat(open().occupancy(CI)).contains(new Occupancy(FIRST, Optional.of(deadline)));
        assertThatThrownBy(() -> open().resume(CI, new LeaseClaim("0".repeat(32))))
                .isInstanceOf(LeaseGoneException.class);
        try (Lease resumed = open().resume(CI, claim)) {
            assertThat(resumed.save(1, record(2, "two"))).isEqualTo(SaveResult.SAVED);
        }
        assertThatThrownBy(() -> open().resume(CI, claim)).isInstanceOf(LeaseGoneException.class);
        take(SECOND).close();
    }

    @Test
    void afterItsDeadlineADetachedLeaseIsFreeAndItsClaimHoldsUntilSomebodyTookIt() throws Exception {
        LeaseClaim late = take(FIRST).detach(now().minusSeconds(1));
        open().resume(CI, late).close();

        LeaseClaim tooLate = take(FIRST).detach(now().minusSeconds(1));
        take(SECOND).close();

        assertThatThrownBy(() -> open().resume(CI, tooLate)).isInstanceOf(LeaseGoneException.class);
    }

    @Test
    void aDetachedLeaseCanBeBrokenByWhoSawItAndALivingOneCannot() throws Exception {
        Lease living = take(FIRST);
        Occupancy seenLiving = open().occupancy(CI).orElseThrow();
        assertThat(open().breakLease(CI, seenLiving)).isFalse();
        living.detach(now().plus(LONG));
        Occupancy seen = open().occupancy(CI).orElseThrow();

        assertThat(open().breakLease(CI, new Occupancy(SECOND, seen.until()))).isFalse();
        assertThat(open().breakLease(CI, seen)).isTrue();

        take(SECOND).close();
    }

    @Test
    void provingThatItCanBeWrittenChangesNothing() throws Exception {
        try (Lease lease = take(FIRST)) {
            lease.save(0, record(1, "one"));

            lease.proveWritable();

            assertThat(lease.load()).contains(record(1, "one"));
            assertThat(lease.loadPrevious()).isEmpty();
        }
    }

    @Test
    void aRecordThatCanBeReadIsNotSetAside() throws Exception {
        try (Lease lease = take(FIRST)) {
            lease.save(0, record(1, "one"));

            assertThat(lease.setDamagedAside()).isFalse();
            assertThat(lease.load()).contains(record(1, "one"));
        }
    }

    protected Lease take(Holder holder) throws Exception {
        return open().acquire(CI, holder, Duration.ZERO, busy -> {});
    }

    protected static Instant now() {
        return Clock.systemUTC().instant();
    }

    protected static CredentialRecord record(long generation, String payload) {
        Envelope envelope = new Envelope(
                CI,
                generation,
                SINCE,
                "test",
                "session",
                "0123456789ab",
                Optional.of("pro"),
                SINCE,
                Optional.of(SINCE.plusSeconds(3600)),
                List.of("seed"));
        return new CredentialRecord(envelope, Encryption.NONE, payload.getBytes(StandardCharsets.UTF_8));
    }

    private CompletableFuture<Lease> inBackground(List<Occupancy> told) {
        CompletableFuture<Lease> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(open().acquire(CI, SECOND, LONG, told::add));
            } catch (Exception e) {
                result.completeExceptionally(new ExecutionException(e));
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }
}
