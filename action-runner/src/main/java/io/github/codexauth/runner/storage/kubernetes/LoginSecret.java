package io.github.codexauth.runner.storage.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Keep;
import io.github.codexauth.store.RecordFormat;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import java.util.Base64;
import java.util.Optional;

/**
 * The records of one credential, as a Secret: the record itself is the same bytes as in every store. One that an
 * operator made empty is as good as none.
 *
 * @param where the store, for messages
 * @param object as the server keeps it
 */
record LoginSecret(String where, CredentialId id, ObjectNode object) {
    /** A type that nobody takes for a password or a file to mount. */
    static final String TYPE = Metadata.DOMAIN + "login";

    /** A Secret has 1 MiB, for this one, the one before it, and one that was damaged. */
    private static final int LONGEST = 340 * 1024;

    private static final String CURRENT = "current";
    private static final String PREVIOUS = "previous";
    private static final String DAMAGED = "damaged";

    /** The current record; empty if there is none. */
    Optional<CredentialRecord> current() throws StoreException {
        Optional<byte[]> bytes = value(CURRENT);
        return bytes.isPresent() ? Optional.of(read(bytes.get())) : Optional.empty();
    }

    /** The record before it; empty if there is none that can be read. */
    Optional<CredentialRecord> previous() throws StoreException {
        Optional<byte[]> bytes = value(PREVIOUS);
        try {
            return bytes.isPresent() ? Optional.of(read(bytes.get())) : Optional.empty();
        } catch (CorruptRecordException unreadable) {
            return Optional.empty();
        }
    }

    Revision revision() throws StoreException {
        return Revision.of(current());
    }

    /** @throws StoreUnavailableException if the record is too long for a Secret */
    LoginSecret saved(CredentialRecord next, Keep keep) throws StoreException {
        ObjectNode changed = object.deepCopy();
        if (keep == Keep.REPLACED || value(PREVIOUS).isEmpty()) {
            value(CURRENT).ifPresent(replaced -> put(changed, PREVIOUS, replaced));
        }
        put(changed, CURRENT, bytes(next));
        return new LoginSecret(where, id, changed);
    }

    /** The same generation in another form. */
    LoginSecret rewritten(CredentialRecord same) throws StoreException {
        ObjectNode changed = object.deepCopy();
        put(changed, CURRENT, bytes(same));
        return new LoginSecret(where, id, changed);
    }

    /** The damaged record under another name, and the one before it in its place. */
    LoginSecret setAside() throws StoreException {
        ObjectNode changed = object.deepCopy();
        value(CURRENT).ifPresent(damaged -> put(changed, DAMAGED, damaged));
        changed.withObject("/data").remove(CURRENT);
        changed.withObject("/data").remove(PREVIOUS);
        if (previous().isPresent()) {
            value(PREVIOUS).ifPresent(before -> put(changed, CURRENT, before));
        }
        return new LoginSecret(where, id, changed);
    }

    /** With something in it that is as long as a login: to see whether it would be taken. */
    LoginSecret filled() {
        ObjectNode changed = object.deepCopy();
        put(changed, CURRENT, new byte[16 * 1024]);
        return new LoginSecret(where, id, changed);
    }

    private byte[] bytes(CredentialRecord record) throws StoreUnavailableException {
        byte[] bytes = RecordFormat.write(record);
        if (bytes.length > LONGEST) {
            throw new StoreUnavailableException(
                    "the record of '" + id + "' has " + bytes.length / 1024 + " KiB, and a Secret holds "
                            + LONGEST / 1024,
                    "no auth.json of Codex is that long: look at what was given; other stores take more");
        }
        return bytes;
    }

    private static void put(ObjectNode changed, String key, byte[] value) {
        changed.withObject("/data").put(key, Base64.getEncoder().encodeToString(value));
    }

    private Optional<byte[]> value(String key) {
        String text = object.path("data").path(key).asText();
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(Base64.getMimeDecoder().decode(text));
    }

    private CredentialRecord read(byte[] bytes) throws StoreException {
        String name = "the record of '" + id + "' in " + where;
        String hint = "go back to the one before it, if there is one: codex-auth rescue --previous --id " + id
                + "; otherwise log in again and: codex-auth seed --replace --id " + id;
        CredentialRecord record = RecordFormat.read(bytes, name, hint);
        if (!record.envelope().id().equals(id)) {
            throw new CorruptRecordException(
                    name + " is another credential's ('" + record.envelope().id() + "')", hint);
        }
        return record;
    }
}
