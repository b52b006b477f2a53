package io.github.codexauth.login;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.NeedsLogin;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * What an operator does to a stored login outside any job: put one in, take up a rescue copy, go back one generation.
 *
 * <p>Each method works under a lease that the caller holds and closes.
 */
public final class Upkeep {
    private final LoginSettings settings;

    /** @param writer who does it, for the records written */
    public Upkeep(AtRest atRest, RescueArea rescue, String writer, Clock clock, LoginEvents events) {
        // Nobody waits here for a store that fails.
        this.settings = new LoginSettings(rescue, atRest, writer, List.of(), clock, events);
    }

    /**
     * Makes sure, as far as can be known before there is a login, that {@link #seed} could store one: for whoever would
     * otherwise sign in for nothing.
     *
     * @param replace whether it will be {@link #replace}, which need not read what is stored
     */
    public void requireRoomForSeed(Lease lease, boolean replace) throws CodexAuthException {
        if (!replace) {
            records(lease).load();
        }
        lease.requireProtection(settings.atRest().encryption());
        lease.proveWritable();
    }

    /**
     * Puts a login into an empty store, or a new login in the place of the stored one, by the rules of {@link Seed}.
     *
     * @return what is stored afterwards
     * @throws CorruptRecordException if what is stored cannot be read; {@link #replace} can
     */
    public Envelope seed(Lease lease, Seed seed) throws CodexAuthException {
        LoginRecords records = records(lease);
        return new Seeding(records, settings)
                .startFrom(records.load(), Optional.of(seed))
                .orElseThrow(() -> new IllegalStateException("a seed was given"))
                .envelope();
    }

    /**
     * Puts a login in the place of whatever is stored, be it newer, damaged, encrypted to a lost key, or somebody
     * else's. What can be read of it becomes the previous generation.
     */
    public Envelope replace(Lease lease, Seed seed) throws CodexAuthException {
        lease.setDamagedAside();
        Optional<CredentialRecord> stored = lease.load();
        Seeding seeding = new Seeding(records(lease), settings);
        return stored.isEmpty()
                ? seeding.first(seed).envelope()
                : seeding.replace(Revision.of(stored), stored.get().envelope(), seed)
                        .envelope();
    }

    /**
     * Keeps a login on this machine that could not be stored, for a person to put in; events tell where.
     *
     * @param reason why it is not stored, for people
     * @return false if it could not be kept either
     */
    public boolean putAside(CredentialId id, Seed seed, String reason) {
        return new Salvage(id, SessionId.random(), settings)
                .aside(Revision.NONE, List.of(new Candidate.Stray(seed.auth(), reason)));
    }

    /**
     * Forgets that the stored login needs a new one, so that Codex is asked again.
     *
     * @throws LoginNeededException if it was moved to another store, which nobody can be wrong about
     */
    public void forgetThatItNeedsLogin(Lease lease) throws CodexAuthException {
        Optional<CredentialRecord> stored = lease.load();
        Optional<NeedsLogin> moved = stored.flatMap(record -> record.envelope().needsLogin())
                .filter(needs -> needs.cause().isMove());
        if (moved.isPresent()) {
            throw new LoginNeededException(lease.id(), moved.get());
        }
        if (stored.isPresent() && stored.get().envelope().needsLogin().isPresent()) {
            records(lease).requireSaved(lease.note(Revision.of(stored), Health.ALIVE));
        }
    }

    /**
     * Stores a rescue copy as the next generation and removes the copy. A damaged current generation is kept under
     * another name, and the copy follows the one before it.
     *
     * @param anyway also if the copy is not the next state of the stored login
     * @return empty if it is not, and nothing was done
     */
    public Optional<Envelope> adopt(Lease lease, RescueCopy copy, boolean anyway) throws CodexAuthException {
        LoginRecords records = records(lease);
        AuthJson rescued = records.writer().open(copy.record()).auth();
        Optional<CredentialRecord> before = loadOrPrevious(lease);
        if (before.isPresent()
                && !anyway
                && !records.isNext(rescued, records.writer().open(before.get()))) {
            return Optional.empty();
        }
        lease.setDamagedAside();
        OpenRecord next = before.isEmpty()
                ? records.writer().stray(LoanStart.UNKNOWN, rescued)
                : records.writer().put(before.get().envelope(), rescued);
        records.save(Revision.of(before), next);
        records.discard(copy);
        return Optional.of(next.envelope());
    }

    /**
     * Removes a rescue copy that nobody wants.
     *
     * @throws StoreUnavailableException if it is still there
     */
    public void discard(RescueCopy copy) throws StoreException {
        try {
            settings.rescue().discard(copy);
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "cannot remove " + copy.name() + ": " + e, "remove it yourself: rm " + copy.name());
        }
    }

    private static Optional<CredentialRecord> loadOrPrevious(Lease lease) throws CodexAuthException {
        try {
            return lease.load();
        } catch (CorruptRecordException damaged) {
            return lease.loadPrevious();
        }
    }

    /**
     * Goes back to the previous generation, as a new one. A damaged current generation is kept under another name; it
     * may also be missing.
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
        LoginRecords records = records(lease);
        AuthJson before = records.writer().open(previous.get()).auth();
        OpenRecord next = current.isPresent()
                ? records.writer().put(current.get().envelope(), before)
                : records.writer().refilled(previous.get().envelope(), before);
        return Optional.of(records.save(Revision.of(current), next).envelope());
    }

    private LoginRecords records(Lease lease) {
        return new LoginRecords(lease, SessionId.random(), settings);
    }
}
