package io.github.codexauth.runner.storage.remote;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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

    /** Keeps what the server has, which is up before and after; @return brings that back to a server that is down. */
    protected abstract BackUp backUp() throws Exception;

    /** What a server had. */
    @FunctionalInterface
    protected interface BackUp {
        void restore() throws Exception;
    }

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

    @Test
    void aBackUpFromBeforeTheJobHasTheLeaseAndTheRecordPutIntoItAgain() throws Exception {
        CredentialRecord first = Records.generation(ID, 1);
        try (Lease lease = acquire()) {
            lease.save(Revision.NONE, first);
        }
        BackUp before = backUp();
        try (Lease lease = acquire()) {
            lease.save(Revision.of(first), Records.generation(ID, 2));
            down();
            before.restore();
            up();

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
