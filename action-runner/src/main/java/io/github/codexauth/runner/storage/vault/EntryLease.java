package io.github.codexauth.runner.storage.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.Sha256;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.runner.storage.remote.Attempts;
import io.github.codexauth.runner.storage.remote.Failure;
import io.github.codexauth.runner.storage.remote.OurLease;
import io.github.codexauth.runner.storage.remote.Renewals;
import io.github.codexauth.runner.storage.remote.Term;
import io.github.codexauth.runner.storage.remote.Turns;
import io.github.codexauth.store.CompareAndSwap;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.DetachableLease;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Keep;
import io.github.codexauth.store.LeaseClaim;
import io.github.codexauth.store.LeaseState;
import io.github.codexauth.store.LostAnswerException;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A lease on one credential. It is renewed by the store's own thread, so that no save can hold its renewal up. A save
 * does not ask whether the lease still runs: what it replaces says whether it is right.
 */
final class EntryLease implements DetachableLease {
    private final LoginEntries logins;
    private final LeaseEntries leases;
    private final Line line;
    private final OurLease ours;
    private final Term term;
    private final Renewals.Renewal renewal;
    private final AtomicBoolean over = new AtomicBoolean();
    /** When the access token of the stored login ends, as far as we saw. */
    private volatile Optional<Instant> expires = Optional.empty();

    /**
     * @param turn what is ours, and how long for certain
     * @param renewals renews it until it is closed
     */
    EntryLease(LoginEntries logins, LeaseEntries leases, Line line, Turns.Turn turn, Renewals renewals) {
        this.logins = logins;
        this.leases = leases;
        this.line = line;
        this.ours = turn.ours();
        this.term = turn.term();
        this.renewal = renewals.start(leases.times().renewal(), this::renew);
    }

    @Override
    public CredentialId id() {
        return ours.id();
    }

    /** Once: who calls does so again soon. @return whether to go on */
    private boolean renew() {
        Term.Request request = term.request();
        try {
            boolean held = leases.renew(ours, expires);
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
    public LeaseState state() {
        return term.state();
    }

    @Override
    public LeaseState confirm() {
        if (!over.get()) {
            renew();
        }
        return term.state();
    }

    @Override
    public Optional<CredentialRecord> load() throws StoreException {
        Optional<CredentialRecord> current = logins.newest().current();
        current.ifPresent(this::remember);
        return current;
    }

    private void remember(CredentialRecord record) {
        expires = record.envelope().expiresAt();
    }

    @Override
    public Optional<CredentialRecord> loadPrevious() throws StoreException {
        return logins.newest().previous();
    }

    @Override
    public boolean setDamagedAside() throws StoreException {
        LoginEntry damaged = logins.newest();
        try {
            damaged.current();
            return false;
        } catch (CorruptRecordException unreadable) {
            ObjectNode good = damaged.setAside();
            // What was put aside already, and the answer lost, reads well the next time.
            Attempts.repeat(() -> logins.writeOnce(damaged, good));
            logins.newest().current();
            return true;
        }
    }

    @Override
    public SaveResult save(Revision expected, CredentialRecord record, Keep keep) throws StoreException {
        if (expected.equals(Revision.NONE)) {
            leases.markStored(id());
        }
        SaveResult result = new CompareAndSwap(expected, Revision.of(record), Attempts.LIMIT)
                .in(new CompareAndSwap.Place() {
                    @Override
                    public SaveResult swap() throws StoreException, LostAnswerException {
                        return swapOnce(expected, record, keep);
                    }

                    @Override
                    public Revision stored() throws StoreException {
                        Attempts.pause();
                        try {
                            return logins.newestOnce().revision();
                        } catch (Failure failure) {
                            throw failure.told();
                        }
                    }
                });
        if (!result.isSaved()) {
            return result;
        }
        remember(record);
        return isStillOurs() ? SaveResult.SAVED : SaveResult.SAVED_LATE;
    }

    /** Once more where somebody touched the login and did not change it, or a standby answered. */
    private SaveResult swapOnce(Revision expected, CredentialRecord record, Keep keep)
            throws StoreException, LostAnswerException {
        try {
            LoginEntry stored = logins.lookOnce();
            while (true) {
                if (stored.revision().equals(expected) && logins.writeOnce(stored, stored.saved(record, keep))) {
                    return SaveResult.SAVED;
                }
                stored = logins.newestOnce();
                if (!stored.revision().equals(expected)) {
                    return SaveResult.CONFLICT;
                }
            }
        } catch (Failure failure) {
            if (failure.kind() == Failure.Kind.REFUSED) {
                throw failure.told();
            }
            throw new LostAnswerException(failure.told());
        }
    }

    private boolean isStillOurs() {
        if (over.get()) {
            return false;
        }
        try {
            return leases.isStill(ours);
        } catch (Failure silent) {
            return term.state().isHeld();
        }
    }

    @Override
    public SaveResult note(Revision expected, Health health) throws StoreException {
        LoginEntry stored = logins.newest();
        Optional<CredentialRecord> current = stored.current();
        if (term.state() instanceof LeaseState.Lost || !isStillOurs()) {
            return SaveResult.LEASE_LOST;
        }
        if (current.isEmpty() || !Revision.of(current).equals(expected)) {
            return SaveResult.CONFLICT;
        }
        CredentialRecord noted = current.get().with(health);
        ObjectNode next = stored.rewritten(noted);
        boolean written = Attempts.repeat(() -> logins.writeOnce(stored, next));
        return written || logins.newest().current().equals(Optional.of(noted)) ? SaveResult.SAVED : SaveResult.CONFLICT;
    }

    /** Where there is a login, reading the newest has proven it. */
    @Override
    public void proveWritable() throws StoreException {
        LoginEntry stored = logins.newest();
        stored.current();
        if (stored.isAbsent()) {
            logins.pretend();
        }
    }

    @Override
    public LeaseClaim detach(Duration time) throws StoreException {
        LeaseClaim claim = new LeaseClaim(PrivateFiles.randomHex(16));
        if (over.get() || !leases.detach(ours, hash(claim), time)) {
            throw new StoreUnavailableException(
                    "the lease of credential '" + id() + "' has ended, so it cannot be left to later steps",
                    "run codex-auth restore again");
        }
        over.set(true);
        end();
        return claim;
    }

    /** Whoever reads the entry must not be able to take it up. */
    static String hash(LeaseClaim claim) {
        return Sha256.hex(claim.value().getBytes(StandardCharsets.US_ASCII));
    }

    private void end() {
        renewal.end();
        term.lost();
    }

    @Override
    public void close() {
        if (over.getAndSet(true)) {
            return;
        }
        end();
        try {
            if (leases.release(ours, expires)) {
                line.ring(id());
            }
        } catch (StoreUnavailableException later) {
            // Then it ends by itself, at the end of its term, and those who wait look now and then.
            return;
        }
    }
}
