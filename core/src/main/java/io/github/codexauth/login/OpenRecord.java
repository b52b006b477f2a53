package io.github.codexauth.login;

import io.github.codexauth.AuthJson;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Revision;

/** One generation of a login: the record that a store keeps of it, and what is in it. */
record OpenRecord(CredentialRecord record, AuthJson auth) {
    Envelope envelope() {
        return record.envelope();
    }

    /** What a save that follows has to expect. */
    Revision revision() {
        return Revision.of(record);
    }
}
