package io.github.codexauth.login;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Puts a seed into the store where that is right; see {@link Seed}. */
final class Seeding {
    private final Lease lease;
    private final RecordWriter records;
    private final LoginSettings settings;

    Seeding(Lease lease, RecordWriter records, LoginSettings settings) {
        this.lease = lease;
        this.records = records;
        this.settings = settings;
    }

    /** The login to work with; empty if there is neither a stored one, nor one that is left, nor a seed. */
    Optional<StoredLogin> startFrom(Optional<StoredLogin> stored, Optional<Seed> given) throws CodexAuthException {
        given.ifPresent(seed -> settings.events().secrets(seed.auth().secrets()));
        if (stored.isEmpty()) {
            return intoEmptyStore(given);
        }
        return given.isEmpty() || isIgnored(given.get(), stored.get())
                ? stored
                : Optional.of(replace(stored.get().revision(), stored.get().envelope(), given.get()));
    }

    /**
     * The login to go on with when a store was emptied while a job had its login: what the job's home has, else what is left elsewhere.
     *
     * @param files what is in the home
     */
    Optional<StoredLogin> startFromHome(LoanStart start, List<byte[]> files) throws CodexAuthException {
        Optional<AuthJson> newest = Findings.newest(files, Lineage.tomorrow(settings.clock()));
        if (newest.isEmpty()) {
            return intoEmptyStore(Optional.empty());
        }
        settings.events().secrets(newest.get().secrets());
        CredentialRecord record = records.stray(start.revision(), newest.get());
        save(Revision.NONE, record);
        settings.events().refilled(record.envelope(), "this job");
        return Optional.of(new StoredLogin(record, newest.get()));
    }

    /** A seed that a job carries along is older than what its store has lost, and its refresh token is used up. */
    private Optional<StoredLogin> intoEmptyStore(Optional<Seed> given) throws CodexAuthException {
        Optional<Leftovers.Leftover> left = new Leftovers(lease, records, settings)
                .newest(given.map(seed -> seed.auth().account()));
        if (left.isEmpty()) {
            return given.isEmpty() ? Optional.empty() : Optional.of(first(given.get()));
        }
        StoredLogin login = left.get().login();
        return Optional.of(
                given.isEmpty() || isIgnored(given.get(), login)
                        ? refill(left.get())
                        : replace(Revision.NONE, login.envelope(), given.get()));
    }

    private boolean isIgnored(Seed seed, StoredLogin login) throws CodexAuthException {
        Instant latest = Lineage.tomorrow(settings.clock());
        Optional<String> reason = seed.reasonToIgnore(login.envelope(), login.auth(), latest);
        reason.ifPresent(settings.events()::seedIgnored);
        return reason.isPresent();
    }

    private StoredLogin refill(Leftovers.Leftover left) throws CodexAuthException {
        StoredLogin login = left.login();
        CredentialRecord record = records.refilled(login.envelope(), login.auth());
        save(Revision.NONE, record);
        settings.events().refilled(record.envelope(), left.source());
        left.copy().ifPresent(new RescueCopies(lease, records, settings)::discard);
        return new StoredLogin(record, login.auth());
    }

    /** Puts a seed into an empty store. */
    StoredLogin first(Seed seed) throws CodexAuthException {
        return store(Revision.NONE, records.first(seed), seed);
    }

    /**
     * Puts a seed in the place of whatever is stored.
     *
     * @param before the login that it follows
     */
    StoredLogin replace(Revision stored, Envelope before, Seed seed) throws CodexAuthException {
        return store(stored, records.reseeded(before, seed), seed);
    }

    private StoredLogin store(Revision expected, CredentialRecord record, Seed seed) throws CodexAuthException {
        save(expected, record);
        settings.events().seeded(record.envelope());
        return new StoredLogin(record, seed.auth());
    }

    private void save(Revision expected, CredentialRecord record) throws CodexAuthException {
        if (lease.save(expected, record) != SaveResult.SAVED) {
            throw Upkeep.somebodyElse(lease.id());
        }
    }
}
