package io.github.codexauth.login;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseGoneException;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Puts what earlier sessions could not store where it belongs, and aside what must not go there.
 *
 * <p>A rescue copy goes into the store if it is the next state of the stored login, and nobody stored another in between.
 */
public final class RescueCopies {
    private final Lease lease;
    private final RecordWriter records;
    private final LoginSettings settings;

    public RescueCopies(Lease lease, RecordWriter records, LoginSettings settings) {
        this.lease = lease;
        this.records = records;
        this.settings = settings;
    }

    /** Takes up what fits, and answers what is stored then. */
    StoredLogin takeUp(StoredLogin stored) throws CodexAuthException {
        StoredLogin current = stored;
        for (RescueArea.Copy copy : settings.rescue().copies(lease.id())) {
            if (!copy.isAside()) {
                current = takeUp(copy, current);
            }
        }
        return current;
    }

    private StoredLogin takeUp(RescueArea.Copy copy, StoredLogin current) throws CodexAuthException {
        boolean continues = continues(copy.record().envelope(), current.envelope());
        AuthJson rescued;
        try {
            rescued = records.open(copy.record()).auth();
        } catch (CodexAuthException e) {
            if (continues) {
                // The stored login may be used up: to try it could end the newer one, too.
                throw e;
            }
            return current;
        }
        // Its own session has judged it by what it knew; here a later refresh than the stored one's save is evidence
        // enough.
        Lineage lineage = new Lineage(
                current.auth(),
                new KnownTokens(lease, records, current),
                current.envelope().savedAt(),
                Lineage.tomorrow(settings.clock()));
        Candidate candidate = Candidate.judge(Optional.of(rescued.bytes()), lineage);
        StoredLogin login = current;
        if (candidate instanceof Candidate.Newer newer) {
            if (!continues) {
                return current;
            }
            settings.events().secrets(newer.auth().secrets());
            login = store(login, newer.auth());
        } else if (candidate instanceof Candidate.Stray) {
            return current;
        }
        discard(copy);
        return login;
    }

    /** Removes a copy that is in the store by now, or brings nothing new. */
    void discard(RescueArea.Copy copy) {
        try {
            settings.rescue().discard(copy);
        } catch (IOException e) {
            settings.events().notWiped(copy.file());
        }
    }

    /** Stores what a dead session left, as the next state. */
    public StoredLogin store(StoredLogin current, AuthJson found) throws CodexAuthException {
        CredentialRecord record = records.refreshed(current.envelope(), found);
        if (lease.save(current.revision(), record) != SaveResult.SAVED) {
            throw new LeaseGoneException(
                    "credential '" + lease.id()
                            + "' was taken by somebody else while a killed job's login was recovered",
                    "start the job again");
        }
        settings.events().recovered(record.envelope());
        return new StoredLogin(record, found);
    }

    /**
     * Keeps logins that must not take the stored one's place, for a person to decide.
     *
     * @param startedFrom what the session that they come from began with
     * @return false if one could not be kept, so that it has to stay where it is
     */
    public boolean putAside(Revision startedFrom, List<Candidate.Stray> strays) {
        return putAside(startedFrom, strays, records, settings);
    }

    /** As the other, where no lease is needed since nothing is stored. */
    public static boolean putAside(
            Revision startedFrom, List<Candidate.Stray> strays, RecordWriter records, LoginSettings settings) {
        boolean all = true;
        for (Candidate.Stray stray : strays) {
            settings.events().secrets(stray.secrets());
            try {
                settings.events()
                        .rescued(
                                settings.rescue()
                                        .keepAside(
                                                records.stray(startedFrom, stray),
                                                stray.refreshToken().fingerprint()),
                                stray.reason());
            } catch (IOException e) {
                settings.events().saveFailed(stray.reason() + "; and no rescue copy either: " + e);
                all = false;
            }
        }
        return all;
    }

    private static boolean continues(Envelope copy, Envelope current) {
        return copy.session().equals(current.session())
                || copy.generation() == current.generation() + 1
                        && !copy.savedAt().isBefore(current.savedAt());
    }
}
