package io.github.codexauth.login;

import io.github.codexauth.AuthJson;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Revision;

/** A login as the store has it, opened. */
public record StoredLogin(CredentialRecord record, AuthJson auth) {
    Envelope envelope() {
        return record.envelope();
    }

    /** What a save that follows has to expect. */
    public Revision revision() {
        return Revision.of(record);
    }
}
