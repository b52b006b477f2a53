package io.github.codexauth.login;

import io.github.codexauth.AuthJson;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.SecretText;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What a file found in a home means for the stored login.
 *
 * <p>A refresh token works once, and only what follows from it counts. So the token decides first: one that the login
 * has, or had, brings nothing new. One that was never seen may be the only valid one, whatever else the file says: it
 * becomes the next state, or it is put aside, and it is never thrown away. See docs/adr/0013.
 */
sealed interface Candidate {
    /** The next state of this login. */
    record Newer(AuthJson auth) implements Candidate {}

    /** The known login, byte for byte. */
    record Unchanged() implements Candidate {}

    /** Nothing that anybody could miss: no login, or a state that this one is known to have left behind. */
    record Rejected(String reason) implements Candidate {}

    /**
     * A whole login with a refresh token that was never seen, that must not take the stored one's place by itself.
     *
     * @param auth empty if the file has a form that we do not understand
     */
    record Stray(byte[] bytes, SecretText refreshToken, Optional<AuthJson> auth, String reason) implements Candidate {
        Stray(AuthJson auth, String reason) {
            this(auth.bytes(), auth.refreshToken(), Optional.of(auth), reason);
        }

        /** What no log may show. */
        List<SecretText> secrets() {
            return auth.map(AuthJson::secrets).orElse(List.of(refreshToken));
        }

        @Override
        public String toString() {
            return "Stray[" + reason + "]";
        }
    }

    /** Judges one file; empty bytes stand for a missing file. */
    static Candidate judge(Optional<byte[]> bytes, Lineage lineage) {
        if (bytes.isEmpty()) {
            return new Rejected("auth.json is gone");
        }
        try {
            return judge(AuthJson.parse(bytes.get(), "auth.json"), lineage);
        } catch (InvalidAuthJsonException e) {
            return AuthJson.refreshTokenIn(bytes.get())
                    .filter(token -> !isKnown(token.fingerprint(), lineage))
                    .<Candidate>map(token -> new Stray(bytes.get(), token, Optional.empty(), e.problem()))
                    .orElseGet(() -> new Rejected(e.problem()));
        }
    }

    private static Candidate judge(AuthJson found, Lineage lineage) {
        AuthJson newest = lineage.newest();
        if (found.sameBytes(newest)) {
            return new Unchanged();
        }
        Optional<String> obstacle = obstacle(found, lineage);
        if (obstacle.isEmpty() && !isUsedUp(found.refreshTokenFingerprint(), lineage)) {
            return new Newer(found);
        }
        return isKnown(found.refreshTokenFingerprint(), lineage)
                ? new Rejected(obstacle.orElse("auth.json is older than the stored login"))
                : new Stray(found, obstacle.orElseThrow());
    }

    /** Why a file cannot be the next state; empty if it can. */
    private static Optional<String> obstacle(AuthJson found, Lineage lineage) {
        AuthJson newest = lineage.newest();
        boolean refreshedHere = found.lastRefresh().isAfter(lineage.since());
        // A claim that OpenAI changes for everybody must not end every login, so what Codex refreshed in this home may
        // name another user.
        if (!found.account().accountId().equals(newest.account().accountId())
                || !refreshedHere && !found.account().mayBe(newest.account())) {
            return Optional.of("auth.json belongs to another account or user ("
                    + found.account().fingerprint() + " instead of "
                    + newest.account().fingerprint() + ")");
        }
        if (found.isIssuedAfter(lineage.latest())) {
            return Optional.of("auth.json says that it was issued after "
                    + lineage.latest().truncatedTo(ChronoUnit.MINUTES)
                    + ", which lies ahead by this machine's clock");
        }
        return !refreshedHere && found.isOlderThan(newest)
                ? Optional.of("auth.json is older than the stored login")
                : Optional.empty();
    }

    private static boolean isKnown(String refreshToken, Lineage lineage) {
        return refreshToken.equals(lineage.newest().refreshTokenFingerprint()) || isUsedUp(refreshToken, lineage);
    }

    /** The newest token may be listed, too: as the seed that the login began with. */
    private static boolean isUsedUp(String refreshToken, Lineage lineage) {
        return !refreshToken.equals(lineage.newest().refreshTokenFingerprint())
                && lineage.usedUp().test(refreshToken);
    }
}
