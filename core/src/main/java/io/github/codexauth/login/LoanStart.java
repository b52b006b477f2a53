package io.github.codexauth.login;

import io.github.codexauth.store.Revision;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * What a loan of a login began with: by this a later process knows what the files of its home follow.
 *
 * @param revision what was stored then
 * @param at when that was, by the clock of the machine that keeps the loan. What Codex refreshed later follows the
 *     stored login, whatever the times in its tokens say; {@link Instant#MAX} if it is not known, so that nothing did
 * @param refreshToken the fingerprint of the refresh token that the home was given: a file that still has it brings
 *     nothing new
 */
public record LoanStart(Revision revision, Instant at, String refreshToken) {
    /** Of a loan of which nothing is known: no stored login is the one that it began with. */
    public static final LoanStart UNKNOWN = new LoanStart(new Revision(-1, "", ""), Instant.MAX, "");

    /** Reads what {@link #toString} wrote; {@link #UNKNOWN} if it is something else. */
    public static LoanStart parse(String text) {
        String[] words = text.split(" ", -1);
        if (words.length != 3) {
            return UNKNOWN;
        }
        try {
            Instant at = Instant.parse(words[1]);
            return Revision.parse(words[0])
                    .map(revision -> new LoanStart(revision, at, words[2]))
                    .orElse(UNKNOWN);
        } catch (DateTimeException damaged) {
            return UNKNOWN;
        }
    }

    /** One line, to be kept in files; no secret. */
    @Override
    public String toString() {
        return revision + " " + at + " " + refreshToken;
    }
}
