package io.github.codexauth.login;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreUnavailableException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * What an operator does to a stored login outside any job: put one in, take up a rescue copy, go back one generation.
 *
 * <p>Each method works under a lease that the caller holds and closes.
 */
public final class Upkeep {
    private final AtRest atRest;
    private final RescueArea rescue;
    private final String writer;
    private final Clock clock;
    private final LoginEvents events;

    /** @param writer who does it, for the records written */
    public Upkeep(AtRest atRest, RescueArea rescue, String writer, Clock clock, LoginEvents events) {
        this.atRest = atRest;
        this.rescue = rescue;
        this.writer = writer;
        this.clock = clock;
        this.events = events;
    }

    /**
     * Puts a login into an empty store, or a new login in the place of the stored one, by the rules of {@link Seed}.
     *
     * @return what is stored afterwards
     * @throws CorruptRecordException if what is stored cannot be read; {@link #replace} can
     */
    public Envelope seed(Lease lease, Seed seed) throws CodexAuthException {
        RecordWriter records = records(lease);
        Optional<CredentialRecord> record = lease.load();
        Optional<StoredLogin> stored = record.isEmpty() ? Optional.empty() : Optional.of(records.open(record.get()));
        return new Seeding(lease, records, settings())
                .startFrom(stored, Optional.of(seed))
                .orElseThrow(() -> new IllegalStateException("a seed was given"))
                .envelope();
    }

    /**
     * Puts a login in the place of whatever is stored, be it newer, damaged, encrypted to a lost key, or somebody else's. What can
     * be read of it becomes the previous generation.
     */
    public Envelope replace(Lease lease, Seed seed) throws CodexAuthException {
        lease.setDamagedAside();
        Optional<CredentialRecord> stored = lease.load();
        Seeding seeding = new Seeding(lease, records(lease), settings());
        return stored.isEmpty()
                ? seeding.first(seed).envelope()
                : seeding.replace(Revision.of(stored), stored.get().envelope(), seed)
                        .envelope();
    }

    /** Forgets that the stored login needs a new one, so that Codex is asked again. */
    public void forgetThatItNeedsLogin(Lease lease) throws CodexAuthException {
        Optional<CredentialRecord> stored = lease.load();
        if (stored.isPresent()
                && stored.get().envelope().needsLogin().isPresent()
                && lease.note(Revision.of(stored), Optional.empty()) != SaveResult.SAVED) {
            throw somebodyElse(lease.id());
        }
    }

    /**
     * Stores a rescue copy as the next generation and removes the copy. A damaged current generation is kept under another name, and the copy
     * follows the one before it.
     *
     * @param anyway also if the copy is not the next state of the stored login
     * @return empty if it is not, and nothing was done
     */
    public Optional<Envelope> adopt(Lease lease, RescueArea.Copy copy, boolean anyway) throws CodexAuthException {
        RecordWriter records = records(lease);
        AuthJson rescued = records.open(copy.record()).auth();
        Optional<CredentialRecord> before = loadOrPrevious(lease);
        if (before.isPresent() && !anyway && !isNext(rescued, records.open(before.get()), lease, records)) {
            return Optional.empty();
        }
        lease.setDamagedAside();
        CredentialRecord next = before.isEmpty()
                ? records.stray(Revision.NONE, rescued)
                : records.refreshed(before.get().envelope(), rescued);
        save(lease, Revision.of(before), next);
        new RescueCopies(lease, records, settings()).discard(copy);
        return Optional.of(next.envelope());
    }

    private static Optional<CredentialRecord> loadOrPrevious(Lease lease) throws CodexAuthException {
        try {
            return lease.load();
        } catch (CorruptRecordException damaged) {
            return lease.loadPrevious();
        }
    }

    private boolean isNext(AuthJson rescued, StoredLogin stored, Lease lease, RecordWriter records) {
        Lineage lineage = new Lineage(
                stored.auth(),
                new KnownTokens(lease, records, stored),
                stored.envelope().savedAt(),
                Lineage.tomorrow(clock));
        return Candidate.judge(Optional.of(rescued.bytes()), lineage) instanceof Candidate.Newer;
    }

    /**
     * Goes back to the previous generation, as a new one. A damaged current generation is kept under another name; it may also be missing.
     *
     * @return empty if there is no previous generation
     */
    public Optional<Envelope> goBack(Lease lease) throws CodexAuthException {
        if (lease.setDamagedAside()) {
            return lease.load().map(CredentialRecord::envelope);
        }
        Optional<CredentialRecord> current = lease.load();
        Optional<CredentialRecord> previous = lease.loadPrevious();
        if (previous.isEmpty()) {
            return Optional.empty();
        }
        RecordWriter records = records(lease);
        AuthJson before = records.open(previous.get()).auth();
        CredentialRecord next = current.isPresent()
                ? records.refreshed(current.get().envelope(), before)
                : records.refilled(previous.get().envelope(), before);
        save(lease, Revision.of(current), next);
        return Optional.of(next.envelope());
    }

    private void save(Lease lease, Revision expected, CredentialRecord record) throws CodexAuthException {
        if (lease.save(expected, record) != SaveResult.SAVED) {
            throw somebodyElse(lease.id());
        }
    }

    static StoreUnavailableException somebodyElse(CredentialId id) {
        return new StoreUnavailableException(
                "somebody else stored a login for '" + id + "' just now",
                "look at it, then start again: codex-auth status");
    }

    /** Nobody waits here for a store that fails. */
    private LoginSettings settings() {
        return new LoginSettings(rescue, atRest, writer, List.of(), clock, events);
    }

    private RecordWriter records(Lease lease) {
        return new RecordWriter(lease.id(), atRest, writer, SessionId.random(), clock);
    }
}
