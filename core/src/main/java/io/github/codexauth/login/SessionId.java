package io.github.codexauth.login;

import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.Revision;

/**
 * A random name for one session, by which a later one knows whose work it finds.
 *
 * @param value 16 hex digits; no secret
 */
public record SessionId(String value) {
    /** One that no other session has. */
    public static SessionId random() {
        return new SessionId(PrivateFiles.randomHex(8));
    }

    /** Whether a login that this session brings follows what is stored: nobody else has stored one in between. */
    boolean continues(LoanStart start, Revision stored) {
        return stored.equals(start.revision()) || stored.session().equals(value);
    }
}
