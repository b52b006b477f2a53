package io.github.codexauth.session;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseGoneException;
import io.github.codexauth.store.SaveResult;
import java.io.IOException;
import java.util.Optional;

/**
 * Puts what earlier sessions could not store where it belongs.
 *
 * <p>A rescue copy goes into the store if it is the next state of the stored login, and nobody stored another in between.
 */
final class RescueCopies {
    private final Lease lease;
    private final RecordWriter records;
    private final LoginSettings settings;

    RescueCopies(Lease lease, RecordWriter records, LoginSettings settings) {
        this.lease = lease;
        this.records = records;
        this.settings = settings;
    }

    /** Takes up what fits, and answers what is stored then. */
    Optional<StoredLogin> takeUp(Optional<StoredLogin> stored) throws CodexAuthException {
        Optional<StoredLogin> current = stored;
        for (RescueArea.Copy copy : settings.rescue().copies(lease.id())) {
            if (current.isPresent()
                    && continues(copy.record().envelope(), current.get().envelope())) {
                current = Optional.of(takeUp(copy, current.get()));
            }
        }
        return current;
    }

    private StoredLogin takeUp(RescueArea.Copy copy, StoredLogin current) throws CodexAuthException {
        StoredLogin login = current;
        AuthJson rescued = records.open(copy.record()).auth();
        if (Candidate.judge(Optional.of(rescued.bytes()), login.auth()) instanceof Candidate.Newer newer) {
            settings.events().secrets(newer.auth().secrets());
            login = store(login, newer.auth());
        }
        try {
            settings.rescue().discard(copy);
        } catch (IOException e) {
            settings.events().notWiped(copy.file());
        }
        return login;
    }

    /** Stores what a dead session left, as the next state. */
    StoredLogin store(StoredLogin current, AuthJson found) throws CodexAuthException {
        CredentialRecord record = records.refreshed(current.envelope(), found);
        if (lease.save(current.envelope().generation(), record) != SaveResult.SAVED) {
            throw new LeaseGoneException(
                    "credential '" + lease.id()
                            + "' was taken by somebody else while a killed job's login was recovered",
                    "start the job again");
        }
        settings.events().recovered(record.envelope());
        return new StoredLogin(record.envelope(), found);
    }

    private static boolean continues(Envelope copy, Envelope current) {
        return copy.generation() == current.generation() + 1 || copy.session().equals(current.session());
    }
}
