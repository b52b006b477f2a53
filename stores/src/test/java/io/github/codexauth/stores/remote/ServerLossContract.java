package io.github.codexauth.stores.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseState;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store has to outlast whose server ends, or comes back with what it had some time ago. */
public abstract class ServerLossContract {
    protected static final CredentialId ID = new CredentialId("codex-ci");
    protected static final Holder JOB = new Holder("a job", Instant.parse("2026-03-01T10:02:11Z"));
    protected static final Duration PATIENCE = Duration.ofMinutes(2);

    /** So short that a test sees it end, and so long that a busy machine does not. */
    protected static final LeaseTimes SHORT =
            new LeaseTimes(Duration.ofSeconds(8), Duration.ofMillis(300), Duration.ofSeconds(4));

    private static final Holder NEXT = new Holder("the next job", Instant.parse("2026-03-01T10:03:11Z"));

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private ServerStore store;

    /** Starts the server of this test, and answers the store on it. */
    protected abstract ServerStore start(LeaseTimes times) throws Exception;

    /** Ends it for good, also where it is down or did not start. */
    protected abstract void stop() throws Exception;

    /** Ends the server as a power cut does. */
    protected abstract void down() throws Exception;

    /** Starts it again on what it had. */
    protected abstract void up() throws Exception;

    /** Keeps what the server has. @return ends the server at once, and starts it on that */
    protected abstract Runnable backUp() throws Exception;

    /** Leaves it no room for what it does not have yet. */
    protected abstract void fillDisk() throws Exception;

    protected abstract void makeRoom() throws Exception;

    /** What a job is told then. */
    protected abstract String full();

    @BeforeEach
    void startServer() throws Exception {
        store = start(SHORT);
    }

    @AfterEach
    void stopServer() throws Exception {
        threads.shutdownNow();
        stop();
    }

    protected final Lease acquire() throws Exception {
        return acquire(JOB, Duration.ZERO);
    }

    private Lease acquire(Holder holder, Duration wait) throws Exception {
        return store.acquire(ID, holder, wait, busy -> {});
    }

    @Test
    void aPowerCutCostsNeitherTheLeaseNorThePlaceInTheLine() throws Exception {
        CredentialRecord first = Records.generation(ID, 1);
        Lease lease = acquire();
        lease.save(Revision.NONE, first);
        Future<Lease> waiting = threads.submit(() -> acquire(NEXT, PATIENCE));
        await().atMost(PATIENCE).until(() -> store.waiters(ID).orElseThrow() == 1);

        down();
        await().atMost(PATIENCE).until(() -> lease.state() instanceof LeaseState.Doubtful);
        up();
        await().atMost(PATIENCE).until(() -> lease.state().isHeld() || lease.state() instanceof LeaseState.Lost);

        CredentialRecord second = Records.generation(ID, 2);
        assertThat(lease.save(Revision.of(first), second).isSaved()).isTrue();
        lease.close();
        try (Lease next = waiting.get()) {
            assertThat(next.load()).contains(second);
        }
    }

    /** What cannot be stored is with the job, and what is stored stays. */
    @Test
    void aFullDiskCostsTheSaveThatDidNotFitAndIsToldAsOne() throws Exception {
        CredentialRecord first = Records.generation(ID, 1);
        CredentialRecord second = Records.record(Records.envelope(ID, 2), incompressible(48 * 1024));
        try (Lease lease = acquire()) {
            lease.save(Revision.NONE, first);
            fillDisk();

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> lease.save(Revision.of(first), second))
                    .satisfies(e -> assertThat(e.problem()).contains(full()));

            makeRoom();
            await().atMost(PATIENCE).until(() -> lease.state().isHeld());
            assertThat(lease.load()).contains(first);
            assertThat(lease.save(Revision.of(first), second).isSaved()).isTrue();
        }
        try (Lease next = acquire(NEXT, PATIENCE)) {
            assertThat(next.load()).contains(second);
        }
    }

    private static byte[] incompressible(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aBackUpFromBeforeTheJobHasTheLeaseAndTheRecordPutIntoItAgain() throws Exception {
        CredentialRecord first = Records.generation(ID, 1);
        try (Lease lease = acquire()) {
            lease.save(Revision.NONE, first);
        }
        Runnable restore = backUp();
        try (Lease lease = acquire()) {
            lease.save(Revision.of(first), Records.generation(ID, 2));
            restore.run();

            await().atMost(PATIENCE)
                    .until(() -> store.occupancy(ID).map(Occupancy::holder).equals(Optional.of(JOB)));

            assertThat(lease.state()).isNotInstanceOf(LeaseState.Lost.class);
            assertThat(lease.load()).contains(first);
            assertThat(lease.save(Revision.of(first), Records.generation(ID, 3)))
                    .as("on top of what is there, as LoanedLogin does it")
                    .isEqualTo(SaveResult.SAVED);
        }
    }
}
