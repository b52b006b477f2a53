package io.github.codexauth.handover;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Where a helper gets the right to a credential for the time of one turn. */
@FunctionalInterface
public interface LeaseSource {
    /** Waits for it, for as long as a job's Codex would wait for an answer. Whoever takes it closes it. */
    Lease take() throws CodexAuthException, InterruptedException;

    /**
     * For a helper that shares the credential with others: a lease for each turn.
     *
     * @param first taken already, for the first turn
     * @param wait for each further one
     */
    static LeaseSource turns(Lease first, CredentialStore store, Holder holder, Duration wait) {
        return turns(first, () -> store.acquire(first.id(), holder, wait, busy -> {}));
    }

    /**
     * As the other.
     *
     * @param further where each further turn gets its lease
     */
    static LeaseSource turns(Lease first, LeaseSource further) {
        AtomicReference<@Nullable Lease> taken = new AtomicReference<>(first);
        return () -> {
            Lease ready = taken.getAndSet(null);
            return ready != null ? ready : further.take();
        };
    }

    /**
     * For a helper that has the credential to itself until its job ends: closing what it takes gives nothing back.
     *
     * @param held stays the caller's to close
     */
    static LeaseSource holding(Lease held) {
        return () -> new BorrowedLease(held);
    }
}
