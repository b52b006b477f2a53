package io.github.codexauth.runner.storage.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.Sha256;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.DetachableLease;
import io.github.codexauth.store.LeaseClaim;
import io.github.codexauth.store.LeaseGoneException;
import io.github.codexauth.store.LeaseState;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A lease in a store on a server. It is renewed by the store's own thread, so that no save can hold its renewal up. A
 * save does not ask whether the lease still runs: what it replaces says whether it is right.
 */
public abstract class RenewedLease implements DetachableLease {
    private final CredentialId id;
    private final Term term;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile Renewals.@Nullable Renewal renewal;

    /** @param term how long it is ours for certain */
    protected RenewedLease(CredentialId id, Term term) {
        this.id = id;
        this.term = term;
    }

    /** Begins to renew it, until it ends. The last thing that a constructor does. */
    protected final void renewBy(Renewals renewals, Duration every) {
        renewal = renewals.start(every, this::renew);
    }

    /** Renews it, once: who calls does so again soon. @return whether it is still ours */
    protected abstract boolean renewOnce() throws Failure;

    /** Leaves it to whoever knows the claim. @return false if it is not ours any more */
    protected abstract boolean leave(String hashOfClaim, Duration time) throws StoreException;

    /** Gives it back, while it is still ours. */
    protected abstract void release() throws StoreUnavailableException;

    @Override
    public final CredentialId id() {
        return id;
    }

    private boolean renew() {
        Term.Request request = term.request();
        try {
            boolean held = renewOnce();
            if (held) {
                request.confirmed();
            } else {
                term.lost();
            }
            return held;
        } catch (Failure unanswered) {
            // Then the term goes on running out.
            return true;
        }
    }

    @Override
    public final LeaseState state() {
        return term.state();
    }

    @Override
    public final LeaseState confirm() {
        if (!isOver()) {
            renew();
        }
        return term.state();
    }

    /** Whether it was closed, or left to another process. */
    protected final boolean isOver() {
        return over.get();
    }

    /** Why nothing is noted by it; empty if that may be. */
    protected final Optional<SaveResult> obstacle(Optional<CredentialRecord> stored, Revision expected) {
        if (isOver() || term.state() instanceof LeaseState.Lost) {
            return Optional.of(SaveResult.LEASE_LOST);
        }
        return stored.isEmpty() || !Revision.of(stored).equals(expected)
                ? Optional.of(SaveResult.CONFLICT)
                : Optional.empty();
    }

    @Override
    public final LeaseClaim detach(Duration time) throws StoreException {
        LeaseClaim claim = new LeaseClaim(PrivateFiles.randomHex(16));
        if (isOver() || !leave(hash(claim), time)) {
            throw new StoreUnavailableException(
                    "the lease of credential '" + id + "' has ended, so it cannot be left to later steps",
                    "run codex-auth restore again");
        }
        over.set(true);
        end();
        return claim;
    }

    /** Whoever reads the store must not be able to take a lease up. */
    public static String hash(LeaseClaim claim) {
        return Sha256.hex(claim.value().getBytes(StandardCharsets.US_ASCII));
    }

    /** What a claim meets that holds the credential no longer. */
    public static LeaseGoneException gone(CredentialId id) {
        return new LeaseGoneException(
                "the lease of credential '" + id + "' that restore took is gone",
                "see who has the credential now: codex-auth status");
    }

    private void end() {
        Renewals.@Nullable Renewal begun = renewal;
        if (begun != null) {
            begun.end();
        }
        term.lost();
    }

    @Override
    public final void close() {
        if (over.getAndSet(true)) {
            return;
        }
        end();
        try {
            release();
        } catch (StoreUnavailableException later) {
            // Then it ends by itself, at the end of its term.
            return;
        }
    }
}
