package io.github.codexauth.session;

import io.github.codexauth.store.PrivateFiles;

/** A random name for one session, by which a later one knows whose work it finds. */
record SessionId(String value) {
    static SessionId random() {
        return new SessionId(PrivateFiles.randomHex(8));
    }
}
