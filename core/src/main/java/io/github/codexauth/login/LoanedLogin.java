package io.github.codexauth.login;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.Descent;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.InvalidEncryptionKeyException;
import io.github.codexauth.store.Keep;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.NeedsLogin;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StrayRecord;
import io.github.codexauth.trust.TrustDecision;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stored login on loan to one job, wherever that job runs: the one way in which its next states get into the store.
 *
 * <ol>
 *   <li>{@link #open} takes up rescue copies, seeds an empty store, and proves that the store can be written;
 *   <li>{@link #offer} is given the job's {@code auth.json} whenever it may have changed, and saves every new state;
 *   <li>{@link #settle} is given the last files, and saves the newest with some patience, else puts it into the rescue
 *       area.
 * </ol>
 *
 * <p>A stored login is replaced only by the next state of the same login, and only if nobody stored another one
 * meanwhile. A login that must not take its place and may be somebody's only one goes to the rescue area. The lease
 * stays its owner's, who closes it. Safe for use by several threads.
 */
public final class LoanedLogin {
    /** Why this loan puts nothing into the store any more. */
    private enum Hindrance {
        DISPLACED("somebody stored another login meanwhile", Safety.DISPLACED),
        LEASE_LOST("the lease was lost, so another job may have the credential", Safety.RESCUED);

        final String reason;
        final Safety safety;

        Hindrance(String reason, Safety safety) {
            this.reason = reason;
            this.safety = safety;
        }
    }

    private final Lease lease;
    private final RecordWriter writer;
    private final LoginSettings settings;
    private final LoanStart start;
    private final KnownTokens known;
    /**
     * The fingerprints of the refresh tokens that this loan is known to come after: whatever has one of them is dead.
     */
    private final Set<String> passed = new HashSet<>();

    private OpenRecord current;
    private Revision handedOver;
    private @Nullable Hindrance hindrance;
    private @Nullable AuthJson failedToSave;
    private @Nullable AuthJson lastRescued;
    private Candidate.@Nullable Stray strayInHome;

    private LoanedLogin(
            Lease lease, LoginRecords records, LoginSettings settings, OpenRecord current, LoanStart start) {
        this.lease = lease;
        this.writer = records.writer();
        this.settings = settings.whileOnLoan();
        this.current = current;
        this.handedOver = current.revision();
        this.start = start;
        this.known = new KnownTokens(records, current);
        this.known.add(start.refreshToken());
        this.passed.add(start.refreshToken());
        current.envelope().descent().flatMap(Descent::predecessor).ifPresent(passed::add);
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
        return takeOut(store, lease, session, seed, settings);
    }

    /**
     * Takes the login out of the store once more, for a further turn of a job that {@link #open} gave it to, and that
     * had no lease meanwhile. Whatever others stored since is where it starts from.
     *
     * @param session the name of that job's first loan
     * @throws NoSuchCredentialException if the store has no login any more
     * @throws LoginNeededException if the stored login cannot be refreshed any more
     * @throws StoreException if the store cannot be read, or could not be written later
     * @throws InvalidEncryptionKeyException if the stored login cannot be decrypted
     */
    public static LoanedLogin reopen(CredentialStore store, Lease lease, SessionId session, LoginSettings settings)
            throws CodexAuthException {
        return takeOut(store, lease, session, Optional.empty(), settings);
    }

    private static LoanedLogin takeOut(
            CredentialStore store, Lease lease, SessionId session, Optional<Seed> seed, LoginSettings settings)
            throws CodexAuthException {
        LoginRecords records = new LoginRecords(lease, session, settings);
        // Before anything of it can be in the job's home.
        Instant at = settings.clock().instant();
        Optional<OpenRecord> stored = records.load();
        Optional<OpenRecord> kept = stored.isEmpty() ? stored : Optional.of(records.takeUpCopies(stored.get()));
        OpenRecord current = new Seeding(records, settings)
                .startFrom(kept, seed)
                .orElseThrow(() -> new NoSuchCredentialException(lease.id(), store.address()));
        settings.events().secrets(current.auth().secrets());
        Optional<NeedsLogin> ended = current.envelope().needsLogin();
        if (ended.isPresent()) {
            throw new LoginNeededException(lease.id(), ended.get());
        }
        lease.proveWritable();
        LoanStart start = new LoanStart(current.revision(), at, current.auth().refreshTokenFingerprint());
        return new LoanedLogin(lease, records, settings, current, start);
    }

    /**
     * Takes up a loan that an earlier process opened. If another session has stored a login meanwhile, that one stays,
     * and what this loan still brings goes to the rescue area. If the store has been emptied, it gets the newest login
     * that the job's home has.
     *
     * @param start what the loan began with
     * @param files what is in the job's home, as {@link #settle} takes it; none if that is not known yet
     * @throws NoSuchCredentialException if the store has no login any more, and none is left
     * @throws StoreException if the store cannot be read
     * @throws InvalidEncryptionKeyException if the stored login cannot be decrypted
     */
    public static LoanedLogin resume(
            CredentialStore store,
            Lease lease,
            SessionId session,
            LoanStart start,
            List<byte[]> files,
            LoginSettings settings)
            throws CodexAuthException {
        LoginRecords records = new LoginRecords(lease, session, settings);
        Optional<OpenRecord> stored = records.load();
        if (stored.isEmpty()) {
            OpenRecord refilled = new Seeding(records, settings)
                    .startFromHome(start, files)
                    .orElseThrow(() -> new NoSuchCredentialException(lease.id(), store.address()));
            return new LoanedLogin(lease, records, settings, refilled, start);
        }
        OpenRecord current = stored.get();
        settings.events().secrets(current.auth().secrets());
        LoanedLogin login = new LoanedLogin(lease, records, settings, current, start);
        if (!session.continues(start, current.revision())) {
            login.hindrance = Hindrance.DISPLACED;
        }
        return login;
    }

    /** What the store has, as far as this loan knows. */
    public synchronized Envelope current() {
        return current.envelope();
    }

    /** The newest state that was seen: what the job's home has to start from. */
    public synchronized AuthJson auth() {
        return newest();
    }

    /** What the loan began with, for {@link #resume}. */
    public LoanStart start() {
        return start;
    }

    /**
     * Says that the job begins, after what was done to the login for it. However often the job changes its file from
     * now on, the store's previous generation is the one that it has now.
     */
    public synchronized void handOver() {
        handedOver = current.revision();
    }

    /** Whether a newer state than the one that the loan began with was seen. */
    public synchronized boolean refreshed() {
        return current.envelope().generation() > start.revision().generation() || hindrance != null;
    }

    /** Whether Codex wrote a login that is not in the store. */
    public synchronized boolean hasUnsavedRefresh() {
        return failedToSave != null || lastRescued != null || strayInHome != null;
    }

    /**
     * Saves the login if this is a new state of it. Cheap if not. Problems are told to the events, and tried again at
     * the next call.
     *
     * @param authJson the file in the job's home; empty if there is none
     */
    public synchronized void offer(Optional<byte[]> authJson) {
        Candidate candidate = Candidate.judge(authJson, lineage());
        if (candidate instanceof Candidate.Newer newer) {
            settings.events().secrets(newer.auth().secrets());
            attemptSave(newer.auth());
            return;
        }
        if (candidate instanceof Candidate.Stray stray) {
            noticeStray(stray);
        }
        if (failedToSave != null) {
            attemptSave(failedToSave);
        }
    }

    /** What becomes of it is settled at the end: until then the job's home has it. */
    private void noticeStray(Candidate.Stray stray) {
        if (strayInHome == null || !Arrays.equals(strayInHome.bytes(), stray.bytes())) {
            strayInHome = stray;
            settings.events().secrets(stray.secrets());
        }
    }

    /** Whether a save failed and waits for another attempt. */
    public synchronized boolean isSaveDue() {
        return failedToSave != null;
    }

    /**
     * Saves the newest of the last files, if it is the next state of the login, and puts aside what is not and must not
     * be lost.
     *
     * @param files {@code auth.json} first, then what Codex had written aside when it was killed
     * @return where the newest login is
     */
    public synchronized Safety settle(List<byte[]> files) {
        Findings found = Findings.of(files, lineage());
        settings.events().secrets(found.secrets());
        found.rejected().ifPresent(settings.events()::rejected);
        Safety safety = settle(found.next().orElse(failedToSave));
        if (found.strays().isEmpty() || safety == Safety.LEFT_IN_HOME) {
            return safety;
        }
        if (!new Salvage(writer, settings).aside(start.revision(), found.strays())) {
            return Safety.LEFT_IN_HOME;
        }
        return safety == Safety.RESCUED ? safety : Safety.PUT_ASIDE;
    }

    /** As the other, where no home of a job's has the login: saves what is due, and puts back what the store lost. */
    public synchronized Safety settle() {
        return settle(failedToSave);
    }

    private Safety settle(@Nullable AuthJson last) {
        AuthJson unsaved = last == null && hindrance == null && isMissing() ? newest() : last;
        if (unsaved == null || saveWithRetries(unsaved)) {
            return hindrance == null ? Safety.STORED : hindrance.safety;
        }
        return rescue(unsaved, "the store took no login any more") ? Safety.RESCUED : Safety.LEFT_IN_HOME;
    }

    /**
     * Whether the store had the login, and has nothing that anybody could use any more: nothing, or a state that this
     * one is known to come after, as from a back-up. A store that does not answer may have it still.
     */
    private boolean isMissing() {
        try {
            Optional<CredentialRecord> stored = lease.load();
            return stored.isEmpty()
                    || !Revision.of(stored).equals(current.revision()) && isBefore(writer.open(stored.get()), newest());
        } catch (InvalidEncryptionKeyException somebodyElses) {
            return false;
        } catch (CorruptRecordException damaged) {
            return true;
        } catch (StoreException unknown) {
            return false;
        }
    }

    /**
     * Notes in the store that this login cannot be refreshed any more. A problem with that is told to the events; the
     * next job finds out by itself then.
     *
     * @param cause what OpenAI said
     * @return what was noted
     */
    public synchronized NeedsLogin ended(NeedsLogin.Cause cause) {
        NeedsLogin needs = new NeedsLogin(settings.clock().instant().truncatedTo(ChronoUnit.MILLIS), cause);
        note(Health.needing(needs));
        return needs;
    }

    /** Notes in the store that the login's account has reached its usage limit. Never throws, as {@link #ended}. */
    public synchronized void limited(Instant until) {
        note(current.envelope().health().limitedUntil(until));
    }

    private void note(Health health) {
        // What was tried may be another login than the stored one by now, of which nothing is known.
        if (hindrance != null || hasUnsavedRefresh()) {
            return;
        }
        try {
            SaveResult result = lease.note(current.revision(), health);
            if (result == SaveResult.SAVED) {
                current = new OpenRecord(current.record().with(health), current.auth());
            }
        } catch (StoreException e) {
            settings.events().notNoted(e.problem());
        }
    }

    private boolean saveWithRetries(AuthJson auth) {
        long began = System.nanoTime();
        boolean saved = attemptSave(auth);
        for (Duration pause : settings.saveRetries()) {
            if (saved) {
                return true;
            }
            if (System.nanoTime() - began >= longestPatience().toNanos()) {
                // A store whose answers do not come has had all the time that there is: the rest is for the rescue
                // copy.
                return false;
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

    /** As long as the pauses are in all; a second where there are next to none. */
    private Duration longestPatience() {
        Duration pauses = settings.saveRetries().stream().reduce(Duration.ZERO, Duration::plus);
        Duration second = Duration.ofSeconds(1);
        return pauses.compareTo(second) > 0 ? pauses : second;
    }

    /** @return whether the login needs no further attempt: it is stored, or cannot be any more and is rescued */
    private boolean attemptSave(AuthJson auth) {
        if (hindrance != null) {
            return rescue(auth, hindrance.reason);
        }
        try {
            OpenRecord next = auth.sameBytes(current.auth()) ? current : writer.refreshed(current, auth);
            SaveResult result = lease.save(current.revision(), next.record(), keep());
            if (result.isSaved()) {
                became(next);
                tellSaved(result);
                return true;
            }
            if (result == SaveResult.CONFLICT && savedOverWhatIsThere(next)) {
                return true;
            }
            hindrance = result == SaveResult.CONFLICT ? Hindrance.DISPLACED : Hindrance.LEASE_LOST;
            return rescue(auth, hindrance.reason);
        } catch (StoreException e) {
            return notSaved(auth, e.problem());
        } catch (RuntimeException unexpected) {
            // A fault of the store's, or of ours, is no reason to lose a login: it is tried again, and rescued in the
            // end.
            return notSaved(auth, "unexpected: " + unexpected.getClass().getName());
        }
    }

    /**
     * Saves over what is stored in the place of what we knew, if that is nobody's work: nothing, our own attempt whose
     * answer was lost, or a state that ours follows. A refresh token works once, so that of two holders only one has
     * the next state.
     */
    private boolean savedOverWhatIsThere(OpenRecord ours) throws StoreException {
        Optional<CredentialRecord> found = lease.load();
        if (found.isEmpty()) {
            if (!lease.save(Revision.NONE, ours.record(), keep()).isSaved()) {
                return false;
            }
            became(ours);
            settings.events().refilled(ours.envelope(), "this job");
            return true;
        }
        OpenRecord stored;
        try {
            stored = writer.open(found.get());
        } catch (InvalidEncryptionKeyException somebodyElses) {
            return false;
        }
        if (stored.auth().sameBytes(ours.auth())) {
            became(stored);
            tellSaved(SaveResult.SAVED);
            return true;
        }
        if (!isBefore(stored, ours.auth())) {
            return false;
        }
        OpenRecord next = writer.insteadOf(stored, ours);
        SaveResult result = lease.save(stored.revision(), next.record(), Keep.REPLACED);
        if (!result.isSaved()) {
            return false;
        }
        became(next);
        tellSaved(result);
        return true;
    }

    /** Whether a stored login is one that this loan is known to have left behind. */
    private boolean isBefore(OpenRecord stored, AuthJson ours) {
        String token = stored.auth().refreshTokenFingerprint();
        return passed.contains(token) && !token.equals(ours.refreshTokenFingerprint());
    }

    private void became(OpenRecord stored) {
        current = stored;
        known.add(stored.auth().refreshTokenFingerprint());
        passed.add(stored.auth().refreshTokenFingerprint());
        failedToSave = null;
    }

    private void tellSaved(SaveResult result) {
        if (result == SaveResult.SAVED_LATE) {
            settings.events().savedLate(current.envelope());
        } else {
            settings.events().saved(current.envelope());
        }
    }

    private boolean notSaved(AuthJson auth, String problem) {
        if (!auth.equals(failedToSave)) {
            remember(auth);
            settings.events().saveFailed(problem);
        }
        return false;
    }

    /** A job that writes its file many times must leave the generation that it was given. */
    private Keep keep() {
        return current.revision().equals(handedOver) ? Keep.REPLACED : Keep.PREVIOUS;
    }

    private boolean rescue(AuthJson auth, String reason) {
        try {
            CredentialRecord record = writer.refreshed(current, auth).record();
            if (hindrance == Hindrance.DISPLACED) {
                settings.rescue()
                        .keepAside(new StrayRecord(auth.refreshTokenFingerprint(), reason, record), settings.events());
            } else {
                settings.events().rescued(settings.rescue().keep(record), reason);
            }
            known.add(auth.refreshTokenFingerprint());
            failedToSave = null;
            lastRescued = auth;
            return true;
        } catch (IOException | RuntimeException e) {
            remember(auth);
            settings.events()
                    .saveFailed("no rescue copy either: "
                            + (e instanceof IOException ? e : e.getClass().getName()));
            return false;
        }
    }

    private void remember(AuthJson unsaved) {
        known.add(unsaved.refreshTokenFingerprint());
        failedToSave = unsaved;
    }

    private Lineage lineage() {
        return new Lineage(newest(), known, start.at(), Lineage.tomorrow(settings.clock()));
    }

    /** The newest state this loan has seen: what the next one is compared with. */
    private AuthJson newest() {
        if (failedToSave != null) {
            return failedToSave;
        }
        return lastRescued != null ? lastRescued : current.auth();
    }
}
