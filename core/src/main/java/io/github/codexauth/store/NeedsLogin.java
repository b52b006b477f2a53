package io.github.codexauth.store;

import java.time.Instant;
import java.util.Locale;

/**
 * A stored login that no job may start from: Codex cannot refresh it any more, so that a person has to log in anew, or
 * it was moved. Holds no secret.
 *
 * @param since when that was found out, by the finder's clock
 * @param cause why
 */
public record NeedsLogin(Instant since, Cause cause) {
    /** Why. The labels are OpenAI's own codes for a refresh that it refuses for good, where it has one. */
    public enum Cause {
        /** Somebody had used the refresh token before, which works once. */
        REFRESH_TOKEN_REUSED("its refresh token was used already, by another copy of the file"),
        /** Nobody had used the refresh token for too long. */
        REFRESH_TOKEN_EXPIRED("its refresh token has expired"),
        /** Somebody took the login back. */
        REFRESH_TOKEN_INVALIDATED("it was revoked"),
        /** A job's {@code auth.json} was gone at the job's end, and OpenAI refuses the login since. */
        LOGGED_OUT("a job logged it out, as 'codex logout' does"),
        /** It is in another store now, and its refresh token with it. */
        MOVED("it was moved to another store"),
        /** One of OpenAI's codes, of which Codex did not say which. */
        REFUSED("OpenAI refuses to refresh it");

        private final String sentence;

        Cause(String sentence) {
            this.sentence = sentence;
        }

        /** Why, for people: the end of a sentence. */
        public String sentence() {
            return sentence;
        }

        /** Why, for machines: in records, and in what commands print as JSON. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether the login lives on elsewhere. */
        public boolean isMove() {
            return this == MOVED;
        }

        /** The cause of that label. One that a newer version wrote is a refusal, too. */
        static Cause of(String label) {
            for (Cause cause : values()) {
                if (cause.label().equals(label)) {
                    return cause;
                }
            }
            return REFUSED;
        }
    }
}
