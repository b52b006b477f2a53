package io.github.codexauth.session;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreUnavailableException;
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
            return Optional.of(store(0, records.first(seed)));
        }
        StoredLogin login = stored.get();
        Optional<String> reason = seed.reasonToIgnore(login.envelope(), login.auth());
        if (reason.isPresent()) {
            events.seedIgnored(reason.get());
            return stored;
        }
        return Optional.of(replace(login, seed));
    }

    /** Puts a seed in the place of whatever is stored. */
    StoredLogin replace(StoredLogin login, Seed seed) throws CodexAuthException {
        return store(login.envelope().generation(), records.reseeded(login.envelope(), seed));
    }

    private StoredLogin store(long expected, CredentialRecord record) throws CodexAuthException {
        if (lease.save(expected, record) != SaveResult.SAVED) {
            throw new StoreUnavailableException(
                    "somebody else stored a login for '" + lease.id() + "' just now", "start the job again");
        }
        events.seeded(record.envelope());
        return records.open(record);
    }
}
