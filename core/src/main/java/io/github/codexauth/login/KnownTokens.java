package io.github.codexauth.login;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Lease;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The fingerprints of the refresh tokens that a login is known to have had: those it was seeded with, that of the generation before, and
 * those that were seen since. Whoever brings one of them brings nothing new.
 *
 * <p>The generation before is read when a token is asked for that is not among the others, which hardly ever happens. Not safe for use by
 * several threads.
 */
public final class KnownTokens implements Predicate<String> {
    private final Lease lease;
    private final RecordWriter records;
    private final Set<String> known;
    private boolean complete;

    public KnownTokens(Lease lease, RecordWriter records, StoredLogin stored) {
        this.lease = lease;
        this.records = records;
        this.known = new HashSet<>(stored.envelope().seeds());
        this.known.add(stored.auth().refreshTokenFingerprint());
    }

    public void add(String fingerprint) {
        known.add(fingerprint);
    }

    @Override
    public boolean test(String fingerprint) {
        if (!complete && !known.contains(fingerprint)) {
            complete = true;
            previous().ifPresent(known::add);
        }
        return known.contains(fingerprint);
    }

    private Optional<String> previous() {
        try {
            Optional<CredentialRecord> previous = lease.loadPrevious();
            return previous.isEmpty()
                    ? Optional.empty()
                    : Optional.of(records.open(previous.get()).auth().refreshTokenFingerprint());
        } catch (CodexAuthException unreadable) {
            return Optional.empty();
        }
    }
}
