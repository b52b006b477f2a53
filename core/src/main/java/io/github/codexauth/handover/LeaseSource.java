package io.github.codexauth.handover;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.Lease;

/** Where a helper gets the right to a credential for the time of one turn. */
@FunctionalInterface
public interface LeaseSource {
    /** Waits for it, for as long as a job's Codex would wait for an answer. Whoever takes it closes it. */
    Lease take() throws CodexAuthException, InterruptedException;

    /**
     * For a helper that has the credential to itself until its job ends: closing what it takes gives nothing back.
     *
     * @param held stays the caller's to close
     */
    static LeaseSource holding(Lease held) {
        return () -> new BorrowedLease(held);
    }
}
