package io.github.codexauth.runner.input;

import io.github.codexauth.UsageException;
import java.util.Locale;

/** What a job gets of its credential. */
public enum Give {
    /** The whole {@code auth.json}, which its Codex refreshes. */
    ALL,
    /** An {@code auth.json} without the refresh token, which stays with us. */
    ACCESS,
    /** Placeholders, and a broker that puts the credential on what its Codex sends. */
    NOTHING;

    /** @throws UsageException if it is no such level; the message does not quote it */
    public static Give parse(String text) throws UsageException {
        for (Give level : values()) {
            if (level.name().toLowerCase(Locale.ROOT).equals(text)) {
                return level;
            }
        }
        throw new UsageException(
                "--give (CODEX_AUTH_GIVE) has a level that does not exist",
                "--give access, so that the login stays with codex-auth; --give nothing, so that no token is in the job;"
                        + " or --give all for the whole credential");
    }
}
