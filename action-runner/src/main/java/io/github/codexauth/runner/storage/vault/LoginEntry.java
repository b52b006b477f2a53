package io.github.codexauth.runner.storage.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.storage.remote.ServerJson;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Keep;
import io.github.codexauth.store.RecordFormat;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The records of one credential, in one entry, so that the current and the previous one are always swapped together.
 * Immutable.
 *
 * @param where the store, for messages
 * @param entry as it was read
 */
record LoginEntry(String where, CredentialId id, Entry entry) {
    /** Of a record: two of them and what JSON adds fit into an entry, which has 1 MiB at most. */
    static final int LONGEST = 450 * 1024;

    private static final String CURRENT = "current";
    private static final String PREVIOUS = "previous";
    private static final String DAMAGED = "damaged";

    /** Whether nothing was ever written, or what was is deleted. */
    boolean isAbsent() {
        return entry.content().isEmpty();
    }

    /** What a write puts there: empty for nothing. */
    ObjectNode content() {
        return entry.content().map(ObjectNode::deepCopy).orElseGet(ServerJson::object);
    }

    /** The current record; empty if there is none. */
    Optional<CredentialRecord> current() throws StoreException {
        Optional<String> text = value(CURRENT);
        return text.isPresent() ? Optional.of(read(text.get())) : Optional.empty();
    }

    /** The record before it; empty if there is none that can be read. */
    Optional<CredentialRecord> previous() throws StoreException {
        Optional<String> text = value(PREVIOUS);
        try {
            return text.isPresent() ? Optional.of(read(text.get())) : Optional.empty();
        } catch (CorruptRecordException unreadable) {
            return Optional.empty();
        }
    }

    Revision revision() throws StoreException {
        return Revision.of(current());
    }

    /** @throws StoreUnavailableException if the record is too long for an entry */
    ObjectNode saved(CredentialRecord next, Keep keep) throws StoreException {
        ObjectNode changed = content();
        if (keep == Keep.REPLACED || value(PREVIOUS).isEmpty()) {
            value(CURRENT).ifPresent(replaced -> changed.put(PREVIOUS, replaced));
        }
        return changed.put(CURRENT, text(next));
    }

    /** The same generation in another form. */
    ObjectNode rewritten(CredentialRecord same) throws StoreException {
        return content().put(CURRENT, text(same));
    }

    /** The damaged record under another name, and the one before it in its place. */
    ObjectNode setAside() throws StoreException {
        ObjectNode changed = content();
        value(CURRENT).ifPresent(damaged -> changed.put(DAMAGED, damaged));
        changed.remove(CURRENT);
        changed.remove(PREVIOUS);
        if (previous().isPresent()) {
            value(PREVIOUS).ifPresent(before -> changed.put(CURRENT, before));
        }
        return changed;
    }

    private String text(CredentialRecord record) throws StoreUnavailableException {
        byte[] bytes = RecordFormat.write(record);
        if (bytes.length > LONGEST) {
            throw new StoreUnavailableException(
                    "the record of '" + id + "' has " + bytes.length / 1024 + " KiB, and an entry holds "
                            + LONGEST / 1024,
                    "no auth.json of Codex is that long: look at what was given; other stores take more");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private Optional<String> value(String key) {
        return entry.content().map(content -> content.path(key).asText()).filter(text -> !text.isEmpty());
    }

    private CredentialRecord read(String text) throws StoreException {
        String name = "the record of '" + id + "' in " + where;
        String hint = "go back to the one before it, if there is one: codex-auth rescue --previous --id " + id
                + "; otherwise log in again and: codex-auth seed --replace --id " + id;
        CredentialRecord record = RecordFormat.read(text.getBytes(StandardCharsets.UTF_8), name, hint);
        if (!record.envelope().id().equals(id)) {
            throw new CorruptRecordException(
                    name + " is another credential's ('" + record.envelope().id() + "')", hint);
        }
        return record;
    }
}
