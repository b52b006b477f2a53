package io.github.codexauth.stores.postgresql;

import io.github.codexauth.CredentialId;
import io.github.codexauth.Sha256;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Keep;
import io.github.codexauth.store.RecordFormat;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.stores.remote.LoginRecords;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The records of one credential, as its row: the record itself is the same bytes as in every store, and what a save
 * compares stands beside it.
 *
 * @param where the database, for messages
 */
record RecordRows(String where, CredentialId id) {
    /** A record that was damaged is nobody's to overwrite. */
    private static final String SAVE = """
            UPDATE codex_auth.credential
               SET previous = CASE WHEN ? OR previous IS NULL THEN record ELSE previous END,
                   record = ?, checksum = decode(?, 'hex'), generation = ?, session = ?, sha256 = ?, expires = ?
             WHERE id = ? AND generation = ? AND session = ? AND sha256 = ?
               AND (record IS NULL OR sha256(record) = checksum)
            RETURNING owner IS NOT DISTINCT FROM ?""";

    /** What a row holds. */
    record Content(byte @Nullable [] record, byte @Nullable [] previous, Revision revision) {}

    /** The row; empty if there is none. */
    Optional<Content> content(Connection connection) throws SQLException {
        return Statements.first(
                connection,
                "SELECT record, previous, generation, session, sha256 FROM codex_auth.credential WHERE id = ?",
                RecordRows::content,
                id.value());
    }

    private static Content content(ResultSet row) throws SQLException {
        return new Content(
                row.getBytes(1), row.getBytes(2), new Revision(row.getLong(3), row.getString(4), row.getString(5)));
    }

    /** Saves durably; empty if something else is stored than expected. */
    Optional<Boolean> save(Connection connection, Revision expected, CredentialRecord next, Keep keep, String owner)
            throws SQLException {
        byte[] bytes = RecordFormat.write(next);
        Revision revision = Revision.of(next);
        Statements.begin(connection);
        if (expected.equals(Revision.NONE)) {
            Statements.change(
                    connection, "INSERT INTO codex_auth.credential (id) VALUES (?) ON CONFLICT DO NOTHING", id.value());
        }
        Optional<Boolean> ours = Statements.first(
                connection,
                SAVE,
                row -> row.getBoolean(1),
                keep == Keep.REPLACED,
                bytes,
                Sha256.hex(bytes),
                revision.generation(),
                revision.session(),
                revision.sha256(),
                next.envelope()
                        .expiresAt()
                        .map(expiry -> expiry.atOffset(ZoneOffset.UTC))
                        .orElse(null),
                id.value(),
                expected.generation(),
                expected.session(),
                expected.sha256(),
                owner);
        connection.commit();
        return ours;
    }

    /** Puts the same generation in another form; @return whether it was there, and the owner's. */
    boolean rewrite(Connection connection, CredentialRecord same, String owner) throws SQLException {
        byte[] bytes = RecordFormat.write(same);
        Revision revision = Revision.of(same);
        return Statements.change(
                        connection,
                        "UPDATE codex_auth.credential SET record = ?, checksum = decode(?, 'hex')"
                                + " WHERE id = ? AND generation = ? AND session = ? AND sha256 = ? AND owner = ?",
                        bytes,
                        Sha256.hex(bytes),
                        id.value(),
                        revision.generation(),
                        revision.session(),
                        revision.sha256(),
                        owner)
                > 0;
    }

    /** Puts a damaged record aside, and the one before it in its place. */
    void setAside(Connection connection, byte[] damaged, Optional<CredentialRecord> before) throws SQLException {
        Statements.begin(connection);
        Statements.change(connection, "INSERT INTO codex_auth.aside (id, record) VALUES (?, ?)", id.value(), damaged);
        byte @Nullable [] bytes = before.map(RecordFormat::write).orElse(null);
        Revision revision = Revision.of(before);
        Statements.change(
                connection,
                "UPDATE codex_auth.credential SET record = ?, checksum = decode(?, 'hex'), previous = NULL,"
                        + " generation = ?, session = ?, sha256 = ? WHERE id = ? AND record = ?",
                bytes,
                bytes == null ? null : Sha256.hex(bytes),
                revision.generation(),
                revision.session(),
                revision.sha256(),
                id.value(),
                damaged);
        connection.commit();
    }

    /** A save of the usual size that is taken back. */
    void tryToSave(Connection connection) throws SQLException {
        Statements.begin(connection);
        Statements.change(
                connection,
                "UPDATE codex_auth.credential SET previous = ? WHERE id = ?",
                new byte[16 * 1024],
                id.value());
        connection.rollback();
    }

    CredentialRecord read(byte[] bytes) throws StoreException {
        return LoginRecords.read(bytes, id, where);
    }
}
