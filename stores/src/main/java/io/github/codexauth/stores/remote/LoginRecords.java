package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Keep;
import io.github.codexauth.store.RecordFormat;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The records of one credential, which a server swaps together. Each is the same bytes as in every store. Nobody
 * changes the arrays.
 *
 * @param where the store, for messages
 * @param now of the current login
 * @param before of the one before it
 * @param damaged what was set aside last
 * @param strays what lies beside the login, by the fingerprints of the refresh tokens
 */
public record LoginRecords(
        String where,
        CredentialId id,
        Optional<byte[]> now,
        Optional<byte[]> before,
        Optional<byte[]> damaged,
        Map<String, byte[]> strays) {
    public LoginRecords {
        strays = Map.copyOf(strays);
    }

    /**
     * The record in those bytes.
     *
     * @param where the store, for messages
     * @throws CorruptRecordException if it cannot be read, or is another credential's
     */
    public static CredentialRecord read(byte[] bytes, CredentialId id, String where) throws StoreException {
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

    /** The current record; empty if there is none. */
    Optional<CredentialRecord> current() throws StoreException {
        return now.isPresent() ? Optional.of(read(now.get(), id, where)) : Optional.empty();
    }

    /** The record before it; empty if there is none that can be read. */
    Optional<CredentialRecord> previous() throws StoreException {
        try {
            return before.isPresent() ? Optional.of(read(before.get(), id, where)) : Optional.empty();
        } catch (CorruptRecordException unreadable) {
            return Optional.empty();
        }
    }

    Revision revision() throws StoreException {
        return Revision.of(current());
    }

    LoginRecords saved(CredentialRecord next, Keep keep) {
        boolean isReplaced = now.isPresent() && (keep == Keep.REPLACED || before.isEmpty());
        return new LoginRecords(
                where, id, Optional.of(RecordFormat.write(next)), isReplaced ? now : before, damaged, strays);
    }

    /** The same generation in another form. */
    LoginRecords rewritten(CredentialRecord same) {
        return new LoginRecords(where, id, Optional.of(RecordFormat.write(same)), before, damaged, strays);
    }

    /** The damaged record aside, and the one before it in its place. */
    LoginRecords setAside() throws StoreException {
        return new LoginRecords(
                where, id, previous().isPresent() ? before : Optional.empty(), Optional.empty(), now, strays);
    }

    /** With another one beside the login. */
    LoginRecords with(String refreshToken, byte[] stray) {
        Map<String, byte[]> more = new HashMap<>(strays);
        more.put(refreshToken, stray);
        return new LoginRecords(where, id, now, before, damaged, more);
    }

    /** Without one of those beside the login. */
    LoginRecords without(String refreshToken) {
        Map<String, byte[]> fewer = new HashMap<>(strays);
        fewer.remove(refreshToken);
        return new LoginRecords(where, id, now, before, damaged, fewer);
    }

    /**
     * @param longest in bytes
     * @param holder what holds no longer one, for messages
     * @throws Failure if the current record is longer
     */
    public void requireShort(int longest, String holder) throws Failure {
        int length = now.map(bytes -> bytes.length).orElse(0);
        if (length > longest) {
            throw new Failure(
                    Failure.Kind.REFUSED,
                    new StoreUnavailableException(
                            "the record of '" + id + "' has " + length / 1024 + " KiB, and " + holder + " holds "
                                    + longest / 1024,
                            "no auth.json of Codex is that long: look at what was given; other stores take more"));
        }
    }
}
