package io.github.codexauth.login;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Descent;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.InvalidEncryptionKeyException;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseGoneException;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One credential's records under its lease: opens what is stored, stores what follows, and puts what earlier sessions
 * could not store where it belongs.
 *
 * <p>A login that was found elsewhere goes into the store if it is the next state of the stored one, and nobody stored
 * another in between. The lease stays its owner's, who closes it. Not safe for use by several threads.
 */
public final class LoginRecords {
    private final Lease lease;
    private final RecordWriter writer;
    private final LoginSettings settings;

    /** @param session whose records those will be that are stored from now on */
    public LoginRecords(Lease lease, SessionId session, LoginSettings settings) {
        this.lease = lease;
        this.writer = RecordWriter.of(lease.id(), session, settings);
        this.settings = settings;
    }

    CredentialId id() {
        return lease.id();
    }

    /** Makes the records of this session. */
    RecordWriter writer() {
        return writer;
    }

    /**
     * What is stored; empty if nothing is.
     *
     * @throws CorruptRecordException if it cannot be read, or is no usable login
     * @throws StoreUnavailableException if the store does not answer
     * @throws InvalidEncryptionKeyException if it cannot be decrypted
     */
    Optional<OpenRecord> load() throws StoreException, InvalidEncryptionKeyException {
        Optional<CredentialRecord> record = lease.load();
        return record.isEmpty() ? Optional.empty() : Optional.of(writer.open(record.get()));
    }

    /** The generation before; empty if there is none, or it cannot be opened. */
    Optional<OpenRecord> loadPrevious() throws StoreException {
        return lease.loadPrevious().flatMap(this::openIfPossible);
    }

    /** A record's login; empty if it cannot be opened. */
    Optional<OpenRecord> openIfPossible(CredentialRecord record) {
        try {
            return Optional.of(writer.open(record));
        } catch (CodexAuthException unreadable) {
            return Optional.empty();
        }
    }

    /**
     * Whether the store has no login.
     *
     * @throws CodexAuthException if it has one that cannot be opened
     */
    public boolean isEmpty() throws CodexAuthException {
        return load().isEmpty();
    }

    /**
     * Stores a record.
     *
     * @param expected what it replaces, as it was read
     * @return the record
     * @throws LeaseGoneException if the lease was lost meanwhile
     * @throws StoreUnavailableException if somebody else stored a login meanwhile, or the record could not be stored
     */
    OpenRecord save(Revision expected, OpenRecord next) throws StoreException, LeaseGoneException {
        requireSaved(lease.save(expected, next.record()));
        return next;
    }

    /** @throws StoreUnavailableException if nothing was saved, because another login is stored by now */
    void requireSaved(SaveResult result) throws StoreUnavailableException, LeaseGoneException {
        switch (result) {
            case SAVED, SAVED_LATE -> {}
            case CONFLICT ->
                throw new StoreUnavailableException(
                        "somebody else stored a login for '" + id() + "' just now",
                        "look at it, then start again: codex-auth status");
            case LEASE_LOST ->
                throw new LeaseGoneException(
                        "the lease of credential '" + id() + "' was lost, so another job may have it by now",
                        "look at what holds it, then start again: codex-auth status");
        }
    }

    /**
     * Puts what a killed session left in its home where it belongs: into the store if it is the next state of the
     * stored login, else aside.
     *
     * @param session the killed one
     * @param start what it began with
     * @param files what is in its home
     * @return false if something could be put nowhere, so that the home has to stay
     * @throws CodexAuthException if what is stored cannot be opened, or the store does not take what follows
     * @throws IllegalStateException if the store {@link #isEmpty}: that is {@link Salvage}'s
     */
    public boolean recover(SessionId session, LoanStart start, List<byte[]> files) throws CodexAuthException {
        OpenRecord stored = load().orElseThrow(() -> new IllegalStateException("nothing is stored"));
        KnownTokens known = new KnownTokens(this, stored);
        known.add(start.refreshToken());
        Lineage lineage = new Lineage(stored.auth(), known, start.at(), Lineage.tomorrow(settings.clock()));
        Findings found = Findings.of(files, lineage);
        settings.events().secrets(found.secrets());
        List<Candidate.Stray> strays = new ArrayList<>(found.strays());
        if (found.next().isPresent()) {
            AuthJson next = found.next().get();
            if (session.continues(start, stored.revision())) {
                follow(stored, next);
            } else {
                strays.add(new Candidate.Stray(next, "somebody stored another login meanwhile"));
            }
        }
        return new Salvage(writer, settings).aside(start.revision(), strays);
    }

    /** Takes up the rescue copies that fit, and answers what is stored then. */
    OpenRecord takeUpCopies(OpenRecord stored) throws CodexAuthException {
        OpenRecord current = stored;
        for (RescueArea.Copy copy : settings.rescue().copies(id())) {
            if (!copy.isAside()) {
                current = takeUp(copy, current);
            }
        }
        return current;
    }

    private OpenRecord takeUp(RescueArea.Copy copy, OpenRecord current) throws CodexAuthException {
        boolean continues = continues(copy.record().envelope(), current);
        AuthJson rescued;
        try {
            rescued = writer.open(copy.record()).auth();
        } catch (CodexAuthException e) {
            if (continues) {
                // The stored login may be used up: to try it could end the newer one, too.
                throw e;
            }
            return current;
        }
        Candidate candidate = judge(rescued, current);
        OpenRecord login = current;
        if (candidate instanceof Candidate.Newer newer) {
            if (!continues) {
                return current;
            }
            settings.events().secrets(newer.auth().secrets());
            login = follow(login, newer.auth());
        } else if (candidate instanceof Candidate.Stray) {
            return current;
        }
        discard(copy);
        return login;
    }

    private static boolean continues(Envelope copy, OpenRecord stored) {
        Envelope current = stored.envelope();
        String token = stored.auth().refreshTokenFingerprint();
        return copy.descent().flatMap(Descent::predecessor).equals(Optional.of(token))
                || copy.session().equals(current.session())
                || copy.generation() == current.generation() + 1
                        && !copy.savedAt().isBefore(current.savedAt());
    }

    /** Whether a rescued login is the next state of a stored one. */
    boolean isNext(AuthJson rescued, OpenRecord stored) {
        return judge(rescued, stored) instanceof Candidate.Newer;
    }

    /**
     * Its own session has judged it by what it knew; here a later refresh than the stored one's save is evidence
     * enough.
     */
    private Candidate judge(AuthJson rescued, OpenRecord stored) {
        Lineage lineage = new Lineage(
                stored.auth(),
                new KnownTokens(this, stored),
                stored.envelope().savedAt(),
                Lineage.tomorrow(settings.clock()));
        return Candidate.judge(Optional.of(rescued.bytes()), lineage);
    }

    /** Removes a copy that is in the store by now, or brings nothing new. */
    void discard(RescueCopy copy) {
        try {
            settings.rescue().discard(copy);
        } catch (IOException e) {
            settings.events().notWiped(Path.of(copy.name()));
        } catch (StoreException e) {
            settings.events().stillAside(copy.name(), e.problem());
        }
    }

    /** Stores what an earlier session left, as the next state. */
    private OpenRecord follow(OpenRecord current, AuthJson found) throws CodexAuthException {
        OpenRecord next = save(current.revision(), writer.refreshed(current, found));
        settings.events().recovered(next.envelope());
        return next;
    }
}
