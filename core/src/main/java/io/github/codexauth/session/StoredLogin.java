package io.github.codexauth.session;

import io.github.codexauth.AuthJson;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Revision;

/** A login as the store has it, opened. */
record StoredLogin(CredentialRecord record, AuthJson auth) {
    Envelope envelope() {
        return record.envelope();
    }

    /** What a save that follows has to expect. */
    Revision revision() {
        return Revision.of(record);
    }
}
