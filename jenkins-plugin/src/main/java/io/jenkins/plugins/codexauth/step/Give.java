package io.jenkins.plugins.codexauth.step;

import io.jenkins.plugins.codexauth.session.SignInFailedException;
import java.util.Locale;

/** What a block gets of a login. */
enum Give {
    /** The whole {@code auth.json}, which its Codex refreshes by itself. */
    ALL,
    /** An access token; the login stays on the controller, and is refreshed for the block there. */
    ACCESS;

    /** How it is written in a job. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The level of that name.
     *
     * @throws SignInFailedException if there is none
     */
    static Give named(String word) throws SignInFailedException {
        for (Give level : values()) {
            if (level.word().equals(word)) {
                return level;
            }
        }
        throw new SignInFailedException("'give' is '" + word + "', which is no level", "write give: 'access' or 'all'");
    }
}
