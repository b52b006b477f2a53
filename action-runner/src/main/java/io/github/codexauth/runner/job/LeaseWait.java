package io.github.codexauth.runner.job;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.QueueingStore;
import io.github.codexauth.store.UnlockHint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Waits for the lease of a credential, or of any one of several. */
public final class LeaseWait {
    private final CredentialStore store;
    private final Holder holder;
    private final Messages messages;
    private volatile boolean waited;

    /** @param messages told who has what we wait for */
    public LeaseWait(CredentialStore store, Holder holder, Messages messages) {
        this.store = store;
        this.holder = holder;
        this.messages = messages;
    }

    /**
     * Takes the first of the credentials that is, or becomes, free.
     *
     * @param ids at least one
     * @throws CredentialBusyException if none became free in time
     * @throws InterruptedException if the thread is interrupted; nothing is then held
     */
    public Lease acquireAny(List<CredentialId> ids, Duration wait) throws CodexAuthException, InterruptedException {
        if (ids.size() == 1) {
            return acquire(ids.get(0), wait);
        }
        if (store instanceof QueueingStore line) {
            return line.acquireAny(ids, holder, wait, this::sayBusy);
        }
        @Nullable CredentialBusyException busy = null;
        for (CredentialId id : ids) {
            try {
                return acquire(id, Duration.ZERO);
            } catch (CredentialBusyException next) {
                busy = next;
            }
        }
        if (wait.isZero() && busy != null) {
            throw busy;
        }
        return race(ids, wait);
    }

    private Lease acquire(CredentialId id, Duration wait) throws CodexAuthException, InterruptedException {
        return store.acquire(id, holder, wait, busy -> sayBusy(id, busy));
    }

    private void sayBusy(CredentialId id, Occupancy busy) {
        waited = true;
        messages.say("waiting: " + CredentialBusyException.describe(id, busy));
        if (busy.until().isPresent()) {
            messages.say("if that job is over and its persist will not come: " + UnlockHint.of(id));
        }
    }

    /** Whether somebody else had what we wanted, so that time has passed since we asked for it. */
    public boolean hasWaited() {
        return waited;
    }

    /** One thread waits for each; the first wins, and what others got meanwhile is given back. */
    private Lease race(List<CredentialId> ids, Duration wait) throws CodexAuthException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(ids.size(), task -> {
            Thread thread = new Thread(task, "pool lease");
            thread.setDaemon(true);
            return thread;
        });
        CompletionService<Lease> results = new ExecutorCompletionService<>(threads);
        List<Future<Lease>> attempts = new ArrayList<>();
        @Nullable Lease winner = null;
        try {
            for (CredentialId id : ids) {
                attempts.add(results.submit(() -> acquire(id, wait)));
            }
            @Nullable CodexAuthException failure = null;
            for (int i = 0; i < ids.size() && winner == null; i++) {
                try {
                    winner = results.take().get();
                } catch (ExecutionException e) {
                    failure = asCodexAuthException(e);
                }
            }
            if (winner == null && failure != null) {
                throw failure;
            }
            if (winner == null) {
                throw new IllegalStateException("a pool has an id");
            }
            return winner;
        } finally {
            threads.shutdownNow();
            giveBack(attempts, winner);
        }
    }

    private static void giveBack(List<Future<Lease>> attempts, @Nullable Lease winner) {
        for (Future<Lease> attempt : attempts) {
            try {
                Lease lease = attempt.get();
                if (lease != winner) {
                    lease.close();
                }
            } catch (ExecutionException | InterruptedException gotNothing) {
                continue;
            }
        }
    }

    private static CodexAuthException asCodexAuthException(ExecutionException e) {
        if (e.getCause() instanceof CodexAuthException expected) {
            return expected;
        }
        throw new IllegalStateException(e.getCause());
    }
}
