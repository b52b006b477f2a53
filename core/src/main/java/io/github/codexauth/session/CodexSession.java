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
import io.github.codexauth.store.LeaseGoneException;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.trust.TrustDecision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A managed login on loan to one job, under an exclusive lease.
 *
 * <ol>
 *   <li>{@link #open} saves what a killed job left behind, seeds an empty store, proves that the store can be written, and
 *       restores the exact {@code auth.json} into a fresh home.
 *   <li>{@link #refreshEarly} lets Codex refresh now what would not last for the job.
 *   <li>{@link #sync}, called whenever the file may have changed, saves every new state when it appears.
 *   <li>{@link #finish} saves the last one, wipes the home and frees the lease, whatever happened.
 * </ol>
 *
 * <p>A stored login is replaced only by the next state of the same login, and only if nobody stored another one meanwhile.
 * Safe for use by several threads.
 */
public final class CodexSession {
    /**
     * Codex refreshes by itself, when it starts, what ends within this time. Asked to force it, it would then refresh twice (Codex
     * 0.169.0).
     */
    private static final Duration CODEX_REFRESHES_BEFORE = Duration.ofMinutes(5);

    private final Lease lease;
    private final Workspace workspace;
    private final RecordWriter records;
    private final SessionSettings settings;
    private final long startedFrom;

    private StoredLogin current;
    private boolean displaced;
    private boolean ended;
    private SessionEnd.Safety safety = SessionEnd.Safety.STORED;
    private @Nullable AuthJson failedToSave;
    private @Nullable AuthJson lastRescued;

    private CodexSession(
            Lease lease, Workspace workspace, RecordWriter records, SessionSettings settings, StoredLogin current) {
        this.lease = lease;
        this.workspace = workspace;
        this.records = records;
        this.settings = settings;
        this.current = current;
        this.startedFrom = current.envelope().generation();
    }

    /**
     * Opens a session. The lease is the session's from now on: it is closed when opening fails.
     *
     * @param proof that a trust policy allowed this job to have the credential
     * @param seed the login to start from if the store has none
     * @throws NoSuchCredentialException if the store has no login and there is no seed
     * @throws InvalidAuthJsonException if the seed belongs to another account than the stored login
     * @throws StoreException if the store cannot be read, or could not be written later
     * @throws InvalidEncryptionKeyException if the stored login cannot be decrypted
     * @throws HomeException if no home can be made in which Codex could keep a refreshed login
     */
    public static CodexSession open(
            TrustDecision.Trusted proof,
            CredentialStore store,
            Lease lease,
            Optional<Seed> seed,
            SessionSettings settings)
            throws CodexAuthException, InterruptedException {
        proof.require(lease.id());
        boolean opened = false;
        try {
            RecordWriter records = new RecordWriter(
                    lease.id(), settings.atRest(), settings.writer(), SessionId.random(), settings.clock());
            Optional<StoredLogin> stored = new Recovery(lease, records, settings).recover();
            StoredLogin current = new Seeding(lease, records, settings.events())
                    .startFrom(stored, seed)
                    .orElseThrow(() -> new NoSuchCredentialException(lease.id(), store.address()));
            settings.events().secrets(current.auth().secrets());
            lease.proveWritable();
            Workspace workspace = restore(lease.id(), records.session(), current, settings);
            opened = true;
            return new CodexSession(lease, workspace, records, settings, current);
        } finally {
            if (!opened) {
                lease.close();
            }
        }
    }

    /**
     * Takes up a session that {@link #leave left} its home to later steps of the job.
     *
     * @param home the {@code CODEX_HOME} of that session
     * @throws LeaseGoneException if somebody else may have the credential by now; a login that was refreshed meanwhile is then in
     *     the rescue area, and the home is wiped
     * @throws HomeException if the folder is not the home of such a session
     */
    public static CodexSession resume(CredentialStore store, CredentialId id, Path home, SessionSettings settings)
            throws CodexAuthException, InterruptedException {
        Workspace workspace = Workspace.ofHome(settings.homes(), id, home)
                .orElseThrow(() -> new HomeException(
                        home + " is not the home of a session with credential '" + id + "'",
                        "give persist the same --id, --store and CODEX_HOME that restore had"));
        RecordWriter records =
                new RecordWriter(id, settings.atRest(), settings.writer(), workspace.session(), settings.clock());
        Recovery.secretsIn(workspace.home()).ifPresent(settings.events()::secrets);
        Lease lease;
        try {
            lease = store.resume(id, workspace.claim().orElseThrow(() -> Recovery.noClaim(id)));
        } catch (LeaseGoneException gone) {
            Recovery.salvage(workspace, records, settings);
            throw gone;
        }
        boolean resumed = false;
        try {
            CredentialRecord record =
                    lease.load().orElseThrow(() -> new NoSuchCredentialException(id, store.address()));
            StoredLogin current = records.open(record);
            resumed = true;
            return new CodexSession(lease, workspace, records, settings, current);
        } finally {
            if (!resumed) {
                lease.close();
            }
        }
    }

    /** The home for the job's {@code CODEX_HOME}. */
    public CodexHome home() {
        return workspace.home();
    }

    /** What the store has, as far as this session knows. */
    public synchronized Envelope current() {
        return current.envelope();
    }

    /**
     * Lets Codex refresh the login now if its access token would end within the budget.
     *
     * @param budget how long the job may take
     */
    public RefreshOutcome refreshEarly(TokenRefresher refresher, Duration budget) throws InterruptedException {
        return endsWithin(budget)
                ? refresh(refresher, !endsWithin(CODEX_REFRESHES_BEFORE))
                : new RefreshOutcome.NotDue();
    }

    /** Whether the access token says that it ends within this time, or has ended. */
    public boolean endsWithin(Duration time) {
        Instant then = settings.clock().instant().plus(time);
        return expiresAt().filter(expiry -> !expiry.isAfter(then)).isPresent();
    }

    private RefreshOutcome refresh(TokenRefresher refresher, boolean force) throws InterruptedException {
        long before = current().generation();
        Optional<String> problem = refresher.refresh(home().folder(), force);
        sync();
        if (current().generation() > before || hasUnsavedRefresh()) {
            return new RefreshOutcome.Refreshed();
        }
        Instant expiry = expiresAt().orElse(Instant.EPOCH);
        return new RefreshOutcome.Failed(
                problem.orElse("Codex left auth.json as it was"),
                expiry,
                expiry.isAfter(settings.clock().instant()));
    }

    /** Saves the login if Codex has written a new state of it. Cheap if not. Problems are told to the events, and tried again. */
    public synchronized void sync() {
        if (ended) {
            return;
        }
        Candidate candidate = Candidate.judge(home().readAuthJson(), newest());
        if (candidate instanceof Candidate.Newer newer) {
            settings.events().secrets(newer.auth().secrets());
            attemptSave(newer.auth());
        } else if (failedToSave != null) {
            attemptSave(failedToSave);
        }
    }

    /** Tells the store that the job is alive. Called every few seconds. */
    public void renew() {
        try {
            lease.renew();
        } catch (StoreException e) {
            settings.events().saveFailed(e.problem());
        }
    }

    /**
     * Leaves home and lease to later steps of the job, which end with {@link #resume} and {@link #finish}.
     *
     * @param deadline when the credential becomes free in any case
     */
    public synchronized void leave(Instant deadline) throws CodexAuthException {
        workspace.keep(lease.detach(deadline));
        ended = true;
    }

    /** Saves the last state, wipes the home and frees the lease. The second call answers as the first. Never throws. */
    public synchronized SessionEnd finish() {
        // An interrupted thread cannot write files, so an interrupt waits until everything is safe.
        boolean interrupted = Thread.interrupted();
        if (!ended) {
            ended = true;
            interrupted |= endStrayProcesses();
            safety = lastSave();
            if (safety != SessionEnd.Safety.LEFT_IN_HOME) {
                workspace.wipe().ifPresent(settings.events()::notWiped);
            }
            lease.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return new SessionEnd(current.envelope().generation() > startedFrom || displaced, current.envelope(), safety);
    }

    private SessionEnd.Safety lastSave() {
        Optional<Path> unreadable = home().unreadableLogin();
        if (unreadable.isPresent()) {
            settings.events().rejected(unreadable.get() + " belongs to another user and cannot be read");
            return SessionEnd.Safety.LEFT_IN_HOME;
        }
        Candidate candidate = Candidate.best(home().candidates(), newest());
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

    /** The newest state this session has seen: what the next one is compared with. */
    private AuthJson newest() {
        if (failedToSave != null) {
            return failedToSave;
        }
        return lastRescued != null ? lastRescued : current.auth();
    }

    /** @return whether the thread was interrupted meanwhile */
    private boolean endStrayProcesses() {
        try {
            int strays = new CodexProcesses(home()).end(settings.patience());
            if (strays > 0) {
                settings.events().strayProcessesEnded(strays);
            }
            return false;
        } catch (InterruptedException later) {
            return true;
        }
    }

    private synchronized Optional<Instant> expiresAt() {
        return newest().expiresAt();
    }

    private synchronized boolean hasUnsavedRefresh() {
        return failedToSave != null || lastRescued != null;
    }

    private static Workspace restore(CredentialId id, SessionId session, StoredLogin current, SessionSettings settings)
            throws CodexAuthException {
        Workspace workspace = Workspace.create(
                settings.homes(), id, session, current.envelope().generation());
        boolean restored = false;
        try {
            CodexHome home = workspace.createHome();
            home.writeConfig(settings.homeConfig().forHome(home.folder()));
            home.restore(current.auth());
            restored = true;
            return workspace;
        } finally {
            if (!restored) {
                workspace.wipe();
            }
        }
    }
}
