package io.github.codexauth.session;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.SaveResult;
import java.util.Optional;

/** Puts a seed into the store where that is right; see {@link Seed}. */
final class Seeding {
    private final Lease lease;
    private final RecordWriter records;
    private final SessionEvents events;

    Seeding(Lease lease, RecordWriter records, SessionEvents events) {
        this.lease = lease;
        this.records = records;
        this.events = events;
    }

    /** The login to work with; empty if there is neither a stored one nor a seed. */
    Optional<StoredLogin> startFrom(Optional<StoredLogin> stored, Optional<Seed> given) throws CodexAuthException {
        if (given.isEmpty()) {
            return stored;
        }
        Seed seed = given.get();
        events.secrets(seed.auth().secrets());
        if (stored.isEmpty()) {
            return Optional.of(first(seed));
        }
        StoredLogin login = stored.get();
        Optional<String> reason = seed.reasonToIgnore(login.envelope(), login.auth());
        if (reason.isPresent()) {
            events.seedIgnored(reason.get());
            return stored;
        }
        return Optional.of(replace(login.envelope(), seed));
    }

    /** Puts a seed into an empty store. */
    StoredLogin first(Seed seed) throws CodexAuthException {
        return store(0, records.first(seed), seed);
    }

    /** Puts a seed in the place of whatever is stored. */
    StoredLogin replace(Envelope stored, Seed seed) throws CodexAuthException {
        return store(stored.generation(), records.reseeded(stored, seed), seed);
    }

    private StoredLogin store(long expected, CredentialRecord record, Seed seed) throws CodexAuthException {
        if (lease.save(expected, record) != SaveResult.SAVED) {
            throw Upkeep.somebodyElse(lease.id());
        }
        events.seeded(record.envelope());
        return new StoredLogin(record.envelope(), seed.auth());
    }
}
