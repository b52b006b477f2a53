package io.jenkins.plugins.codexauth.account;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.StoreUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A look at a login that a store on a server keeps, with an end. Safe for use by several threads. */
final class FleetLook implements Runnable {
    /** From when the look was wanted. A server that is silent holds up who asks it for twice as long, and longer. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private final CodexAccount account;
    private final long end = System.nanoTime() + PATIENCE.toNanos();
    private final CompletableFuture<Optional<Envelope>> answer = new CompletableFuture<>();

    FleetLook(CodexAccount account) {
        this.account = account;
    }

    /** Asks the store, unless nobody waits for the answer any more. */
    @Override
    public void run() {
        if (answer.isDone()) {
            return;
        }
        try {
            answer.complete(account.logins().store().peek(account.id()));
        } catch (CodexAuthException | RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    /**
     * What is stored.
     *
     * @throws CodexAuthException if the store cannot be used, or has not answered in time
     */
    Optional<Envelope> found() throws CodexAuthException {
        try {
            return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException silent) {
            answer.cancel(false);
            throw new StoreUnavailableException(
                    "the account's store has not answered in " + PATIENCE.toSeconds() + "s", Health.UNKNOWN.advice());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("the account's store was not asked to the end", "ask again");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CodexAuthException known) {
                throw known;
            }
            throw new IllegalStateException("looking at a store failed", e.getCause());
        }
    }
}
