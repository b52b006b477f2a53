package io.github.codexauth.login;

import io.github.codexauth.store.StoreException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The fingerprints of the refresh tokens that a login is known to have had: those it was seeded with, that of the
 * generation before, and those that were seen since. Whoever brings one of them brings nothing new.
 *
 * <p>The generation before is read when a token is asked for that is not among the others, which hardly ever happens.
 * Not safe for use by several threads.
 */
final class KnownTokens implements Predicate<String> {
    private final LoginRecords records;
    private final Set<String> known;
    private boolean complete;

    KnownTokens(LoginRecords records, OpenRecord stored) {
        this.records = records;
        this.known = new HashSet<>(stored.envelope().seeds());
        this.known.add(stored.auth().refreshTokenFingerprint());
    }

    void add(String fingerprint) {
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
            return records.loadPrevious().map(before -> before.auth().refreshTokenFingerprint());
        } catch (StoreException unreadable) {
            return Optional.empty();
        }
    }
}
