package io.github.codexauth.session;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.InvalidEncryptionKeyException;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.NeedsLogin;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.trust.TrustDecision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stored login on loan to one job, wherever that job runs: the one way in which its next states get into the store.
 *
 * <ol>
 *   <li>{@link #open} takes up rescue copies, seeds an empty store, and proves that the store can be written;
 *   <li>{@link #offer} is given the job's {@code auth.json} whenever it may have changed, and saves every new state;
 *   <li>{@link #settle} is given the last files, and saves the newest with some patience, else puts it into the rescue area.
 * </ol>
 *
 * <p>A stored login is replaced only by the next state of the same login, and only if nobody stored another one meanwhile.
 * The lease stays its owner's, who closes it. Safe for use by several threads.
 */
public final class LoanedLogin {
    private final Lease lease;
    private final RecordWriter records;
    private final LoginSettings settings;
    private final long startedFrom;

    private StoredLogin current;
    private boolean displaced;
    private @Nullable AuthJson failedToSave;
    private @Nullable AuthJson lastRescued;

    private LoanedLogin(
            Lease lease, RecordWriter records, LoginSettings settings, StoredLogin current, long startedFrom) {
        this.lease = lease;
        this.records = records;
        this.settings = settings;
        this.current = current;
        this.startedFrom = startedFrom;
    }

    /**
     * Takes the login out of the store.
     *
     * @param proof that a trust policy allowed this job to have the credential
     * @param session a name for this loan, by which {@link #resume} knows it again
     * @param seed the login to start from if the store has none, or an older one
     * @throws NoSuchCredentialException if the store has no login and there is no seed
     * @throws LoginNeededException if the stored login cannot be refreshed any more, and the seed is no new one
     * @throws InvalidAuthJsonException if the seed belongs to another account than the stored login
     * @throws StoreException if the store cannot be read, or could not be written later
     * @throws InvalidEncryptionKeyException if the stored login cannot be decrypted
     */
    public static LoanedLogin open(
            TrustDecision.Trusted proof,
            CredentialStore store,
            Lease lease,
            SessionId session,
            Optional<Seed> seed,
            LoginSettings settings)
            throws CodexAuthException {
        proof.require(lease.id());
        RecordWriter records = records(lease.id(), session, settings);
        Optional<CredentialRecord> record = lease.load();
        Optional<StoredLogin> stored = record.isEmpty() ? Optional.empty() : Optional.of(records.open(record.get()));
        return open(store, lease, stored, seed, records, settings);
    }

    /** As the other, with what is stored already opened. */
    static LoanedLogin open(
            CredentialStore store,
            Lease lease,
            Optional<StoredLogin> stored,
            Optional<Seed> seed,
            RecordWriter records,
            LoginSettings settings)
            throws CodexAuthException {
        StoredLogin current = new Seeding(lease, records, settings.events())
                .startFrom(new RescueCopies(lease, records, settings).takeUp(stored), seed)
                .orElseThrow(() -> new NoSuchCredentialException(lease.id(), store.address()));
        settings.events().secrets(current.auth().secrets());
        Optional<NeedsLogin> ended = current.envelope().needsLogin();
        if (ended.isPresent()) {
            throw new LoginNeededException(lease.id(), ended.get());
        }
        lease.proveWritable();
        return new LoanedLogin(
                lease, records, settings, current, current.envelope().generation());
    }

    /**
     * Takes up a loan that an earlier process opened. If another session has stored a login meanwhile, that one stays, and what this loan
     * still brings goes to the rescue area.
     *
     * @param startedFrom the generation that the loan began with
     * @throws NoSuchCredentialException if the store has no login any more
     * @throws StoreException if the store cannot be read
     * @throws InvalidEncryptionKeyException if the stored login cannot be decrypted
     */
    public static LoanedLogin resume(
            CredentialStore store, Lease lease, SessionId session, long startedFrom, LoginSettings settings)
            throws CodexAuthException {
        RecordWriter records = records(lease.id(), session, settings);
        CredentialRecord record =
                lease.load().orElseThrow(() -> new NoSuchCredentialException(lease.id(), store.address()));
        StoredLogin current = records.open(record);
        settings.events().secrets(current.auth().secrets());
        LoanedLogin login = new LoanedLogin(lease, records, settings, current, startedFrom);
        login.displaced = !session.continues(startedFrom, record.envelope());
        return login;
    }

    static RecordWriter records(CredentialId id, SessionId session, LoginSettings settings) {
        return new RecordWriter(id, settings.atRest(), settings.writer(), session, settings.clock());
    }

    /** What the store has, as far as this loan knows. */
    public synchronized Envelope current() {
        return current.envelope();
    }

    /** The newest state that was seen: what the job's home has to start from. */
    public synchronized AuthJson auth() {
        return newest();
    }

    /** The generation that the loan began with. */
    public long startedFrom() {
        return startedFrom;
    }

    /** Whether a newer state than the one that the loan began with was seen. */
    public synchronized boolean refreshed() {
        return current.envelope().generation() > startedFrom || displaced;
    }

    synchronized boolean hasUnsavedRefresh() {
        return failedToSave != null || lastRescued != null;
    }

    synchronized Optional<Instant> expiresAt() {
        return newest().expiresAt();
    }

    /**
     * Saves the login if this is a new state of it. Cheap if not. Problems are told to the events, and tried again at the next call.
     *
     * @param authJson the file in the job's home; empty if there is none
     */
    public synchronized void offer(Optional<byte[]> authJson) {
        Candidate candidate = Candidate.judge(authJson, newest());
        if (candidate instanceof Candidate.Newer newer) {
            settings.events().secrets(newer.auth().secrets());
            attemptSave(newer.auth());
        } else if (failedToSave != null) {
            attemptSave(failedToSave);
        }
    }

    /** Whether a save failed and waits for another attempt. */
    public synchronized boolean isSaveDue() {
        return failedToSave != null;
    }

    /**
     * Saves the newest of the last files, if it is the next state of the login.
     *
     * @param files {@code auth.json} first, then what Codex had written aside when it was killed
     * @return where the newest login is
     */
    public synchronized SessionEnd.Safety settle(List<byte[]> files) {
        Candidate candidate = Candidate.best(files, newest());
        AuthJson last = failedToSave;
        if (candidate instanceof Candidate.Newer newer) {
            settings.events().secrets(newer.auth().secrets());
            last = newer.auth();
        } else if (candidate instanceof Candidate.Rejected rejected) {
            settings.events().rejected(rejected.reason());
        }
        if (last == null || saveWithRetries(last)) {
            return displaced ? SessionEnd.Safety.DISPLACED : SessionEnd.Safety.STORED;
        }
        return rescue(last, "the store took no login any more")
                ? SessionEnd.Safety.RESCUED
                : SessionEnd.Safety.LEFT_IN_HOME;
    }

    /**
     * Notes in the store that this login cannot be refreshed any more. A problem with that is told to the events; the
     * next job finds out by itself then.
     *
     * @param cause what OpenAI said
     * @return what was noted
     */
    synchronized NeedsLogin ended(NeedsLogin.Cause cause) {
        NeedsLogin needs = new NeedsLogin(settings.clock().instant().truncatedTo(ChronoUnit.MILLIS), cause);
        // What was tried may be another login than the stored one by now, of which nothing is known.
        if (displaced || hasUnsavedRefresh()) {
            return needs;
        }
        try {
            SaveResult result = lease.note(current.envelope(), Optional.of(needs));
            if (result == SaveResult.SAVED) {
                current = new StoredLogin(current.envelope().with(Optional.of(needs)), current.auth());
            }
        } catch (StoreException e) {
            settings.events().notNoted(e.problem());
        }
        return needs;
    }

    private boolean saveWithRetries(AuthJson auth) {
        boolean saved = attemptSave(auth);
        for (Duration pause : settings.saveRetries()) {
            if (saved) {
                return true;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            } catch (InterruptedException hurry) {
                // Then the attempts follow each other without a pause.
            }
            saved = attemptSave(auth);
        }
        return saved;
    }

    /** @return whether the login needs no further attempt: it is stored, or somebody else's is and ours is rescued */
    private boolean attemptSave(AuthJson auth) {
        CredentialRecord record = records.refreshed(current.envelope(), auth);
        if (displaced) {
            return rescue(auth, "somebody stored another login meanwhile");
        }
        try {
            SaveResult result = lease.save(current.envelope().generation(), record);
            if (result == SaveResult.SAVED) {
                current = new StoredLogin(record.envelope(), auth);
                failedToSave = null;
                settings.events().saved(record.envelope());
                return true;
            }
            displaced = true;
            return rescue(
                    auth,
                    result == SaveResult.CONFLICT
                            ? "somebody stored another login meanwhile"
                            : "the lease was lost, so another job may have the credential");
        } catch (StoreException e) {
            if (!auth.equals(failedToSave)) {
                failedToSave = auth;
                settings.events().saveFailed(e.problem());
            }
            return false;
        }
    }

    private boolean rescue(AuthJson auth, String reason) {
        try {
            Path copy = settings.rescue().keep(records.refreshed(current.envelope(), auth));
            failedToSave = null;
            lastRescued = auth;
            settings.events().rescued(copy, reason);
            return true;
        } catch (IOException e) {
            failedToSave = auth;
            settings.events().saveFailed("no rescue copy either: " + e);
            return false;
        }
    }

    /** The newest state this loan has seen: what the next one is compared with. */
    private AuthJson newest() {
        if (failedToSave != null) {
            return failedToSave;
        }
        return lastRescued != null ? lastRescued : current.auth();
    }
}
