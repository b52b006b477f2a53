package io.github.codexauth.session;

import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.PrivateFiles;

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

    /** Whether a login that this session brings follows the given generation: nobody else has stored one in between. */
    boolean continues(long startedFrom, Envelope current) {
        return current.generation() == startedFrom || current.session().equals(value);
    }
}
