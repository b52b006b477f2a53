package io.github.codexauth.login;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Puts a seed into the store where that is right; see {@link Seed}. */
final class Seeding {
    private final LoginRecords records;
    private final LoginSettings settings;

    Seeding(LoginRecords records, LoginSettings settings) {
        this.records = records;
        this.settings = settings;
    }

    /** The login to work with; empty if there is neither a stored one, nor one that is left, nor a seed. */
    Optional<OpenRecord> startFrom(Optional<OpenRecord> stored, Optional<Seed> given) throws CodexAuthException {
        given.ifPresent(seed -> settings.events().secrets(seed.auth().secrets()));
        if (stored.isEmpty()) {
            return intoEmptyStore(given);
        }
        return given.isEmpty() || isIgnored(given.get(), stored.get())
                ? stored
                : Optional.of(replace(stored.get().revision(), stored.get().envelope(), given.get()));
    }

    /**
     * The login to go on with when a store was emptied while a job had its login: what the job's home has, else what is
     * left elsewhere.
     *
     * @param files what is in the home
     */
    Optional<OpenRecord> startFromHome(LoanStart start, List<byte[]> files) throws CodexAuthException {
        Optional<AuthJson> newest = Findings.newest(files, Lineage.tomorrow(settings.clock()));
        if (newest.isEmpty()) {
            return intoEmptyStore(Optional.empty());
        }
        settings.events().secrets(newest.get().secrets());
        return Optional.of(refill(records.writer().stray(start, newest.get()), "this job"));
    }

    /** A seed that a job carries along is older than what its store has lost, and its refresh token is used up. */
    private Optional<OpenRecord> intoEmptyStore(Optional<Seed> given) throws CodexAuthException {
        Optional<Leftovers.Leftover> left = new Leftovers(records, settings)
                .newest(given.map(seed -> seed.auth().account()));
        if (left.isEmpty()) {
            return given.isEmpty() ? Optional.empty() : Optional.of(first(given.get()));
        }
        OpenRecord login = left.get().login();
        return Optional.of(
                given.isEmpty() || isIgnored(given.get(), login)
                        ? refill(left.get())
                        : replace(Revision.NONE, login.envelope(), given.get()));
    }

    private boolean isIgnored(Seed seed, OpenRecord login) throws CodexAuthException {
        Instant latest = Lineage.tomorrow(settings.clock());
        Optional<String> reason = seed.reasonToIgnore(login.envelope(), login.auth(), latest);
        reason.ifPresent(settings.events()::seedIgnored);
        return reason.isPresent();
    }

    private OpenRecord refill(Leftovers.Leftover left) throws CodexAuthException {
        OpenRecord login = left.login();
        OpenRecord stored = refill(records.writer().refilled(login.envelope(), login.auth()), left.source());
        left.copy().ifPresent(records::discard);
        return stored;
    }

    private OpenRecord refill(OpenRecord next, String source) throws CodexAuthException {
        OpenRecord stored = records.save(Revision.NONE, next);
        settings.events().refilled(stored.envelope(), source);
        return stored;
    }

    /** Puts a seed into an empty store. */
    OpenRecord first(Seed seed) throws CodexAuthException {
        return store(Revision.NONE, records.writer().first(seed));
    }

    /**
     * Puts a seed in the place of whatever is stored.
     *
     * @param before the login that it follows
     */
    OpenRecord replace(Revision stored, Envelope before, Seed seed) throws CodexAuthException {
        return store(stored, records.writer().reseeded(before, seed));
    }

    private OpenRecord store(Revision expected, OpenRecord next) throws CodexAuthException {
        OpenRecord stored = records.save(expected, next);
        settings.events().seeded(stored.envelope());
        return stored;
    }
}
