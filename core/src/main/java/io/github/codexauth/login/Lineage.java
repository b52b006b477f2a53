package io.github.codexauth.login;

import io.github.codexauth.AuthJson;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * What is known of a login, by which the files that may follow it are judged.
 *
 * @param newest its newest known state
 * @param usedUp whether this is the fingerprint of a refresh token that the login is known to have had before
 * @param since what Codex refreshed after this instant, by the clock of the machine that it ran on, it refreshed from
 *     this login
 * @param latest nothing can have been issued after this
 */
record Lineage(AuthJson newest, Predicate<String> usedUp, Instant since, Instant latest) {
    /** Clocks and time zones go wrong by hours; a token of next year is made up. */
    private static final Duration CLOCKS_GO_WRONG_BY = Duration.ofDays(1);

    /** As {@code latest}: tomorrow. */
    static Instant tomorrow(Clock clock) {
        return clock.instant().plus(CLOCKS_GO_WRONG_BY);
    }

    /** The lineage once a login has followed. */
    Lineage followedBy(AuthJson next) {
        String used = newest.refreshTokenFingerprint();
        return new Lineage(next, token -> token.equals(used) || usedUp.test(token), since, latest);
    }
}
