package io.github.codexauth.session;

import io.github.codexauth.AuthJson;
import io.github.codexauth.InvalidAuthJsonException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a file found in a home means for the stored login.
 *
 * <p>A file takes the stored one's place only if it is complete, has a refresh token, belongs to the same account and user, and its
 * tokens were not issued earlier.
 */
sealed interface Candidate {
    /** The next state of this login. */
    record Newer(AuthJson auth) implements Candidate {}

    /** The stored login, byte for byte. */
    record Unchanged() implements Candidate {}

    /** Something that must not take the stored login's place. */
    record Rejected(String reason) implements Candidate {}

    /** Judges one file; empty bytes stand for a missing file. */
    static Candidate judge(Optional<byte[]> bytes, AuthJson stored) {
        if (bytes.isEmpty()) {
            return new Rejected("auth.json is gone");
        }
        AuthJson found;
        try {
            found = AuthJson.parse(bytes.get(), "auth.json");
        } catch (InvalidAuthJsonException e) {
            return new Rejected(e.problem());
        }
        if (found.sameBytes(stored)) {
            return new Unchanged();
        }
        if (!found.account().equals(stored.account())) {
            return new Rejected("auth.json belongs to another account or user ("
                    + found.account().fingerprint() + " instead of "
                    + stored.account().fingerprint() + ")");
        }
        if (found.isOlderThan(stored)) {
            return new Rejected("auth.json is older than the stored login");
        }
        return new Newer(found);
    }

    /** The newest acceptable file of several; if there is none, what is wrong with the first. */
    static Candidate best(List<byte[]> files, AuthJson stored) {
        Optional<AuthJson> newest = Optional.empty();
        for (AuthJson file : inOrderOfRefresh(files)) {
            if (judge(Optional.of(file.bytes()), newest.orElse(stored)) instanceof Newer newer) {
                newest = Optional.of(newer.auth());
            }
        }
        return newest.<Candidate>map(Newer::new)
                .orElseGet(() -> judge(files.stream().findFirst(), stored));
    }

    /** One machine wrote them all, so its clock puts two refreshes within one second of the server's into order. */
    private static List<AuthJson> inOrderOfRefresh(List<byte[]> files) {
        List<AuthJson> complete = new ArrayList<>();
        for (byte[] file : files) {
            try {
                complete.add(AuthJson.parse(file, "auth.json"));
            } catch (InvalidAuthJsonException torn) {
                continue;
            }
        }
        complete.sort(Comparator.comparing(AuthJson::lastRefresh));
        return complete;
    }
}
