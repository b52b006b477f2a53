package io.github.codexauth.stores.postgresql;

import static io.github.codexauth.stores.postgresql.DatabaseLeases.SELECT;
import static io.github.codexauth.stores.postgresql.DatabaseLeases.UPDATE;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Keep;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.Logins;
import io.github.codexauth.stores.remote.Settled;
import io.github.codexauth.stores.remote.Turn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Logins that each call finds by a connection of its own; one statement compares, swaps and tells whose it is. */
record DatabaseLogins(Database database) implements Logins {
    private RecordRows records(CredentialId id) {
        return new RecordRows(database.address().toString(), id);
    }

    @Override
    public List<CredentialId> list() throws StoreException {
        return database.repeatedly(SELECT, DatabaseLogins::list);
    }

    private static List<CredentialId> list(Connection connection) throws SQLException {
        List<CredentialId> ids = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT id FROM codex_auth.credential WHERE record IS NOT NULL ORDER BY id COLLATE \"C\"");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                ids.add(new CredentialId(rows.getString(1)));
            }
        }
        return List.copyOf(ids);
    }

    private Optional<RecordRows.Content> content(CredentialId id) throws StoreException {
        return database.repeatedly(SELECT, records(id)::content);
    }

    @Override
    public Optional<CredentialRecord> look(CredentialId id) throws StoreException {
        return load(id);
    }

    @Override
    public Optional<CredentialRecord> load(CredentialId id) throws StoreException {
        byte[] bytes = content(id).map(RecordRows.Content::record).orElse(null);
        return bytes == null ? Optional.empty() : Optional.of(records(id).read(bytes));
    }

    @Override
    public Optional<CredentialRecord> previous(CredentialId id) throws StoreException {
        byte[] bytes = content(id).map(RecordRows.Content::previous).orElse(null);
        try {
            return bytes == null ? Optional.empty() : Optional.of(records(id).read(bytes));
        } catch (CorruptRecordException unreadable) {
            return Optional.empty();
        }
    }

    @Override
    public boolean setDamagedAside(CredentialId id) throws StoreException {
        byte[] bytes = content(id).map(RecordRows.Content::record).orElse(null);
        if (bytes == null) {
            return false;
        }
        try {
            records(id).read(bytes);
            return false;
        } catch (CorruptRecordException damaged) {
            Optional<CredentialRecord> before = previous(id);
            return database.repeatedly("INSERT on codex_auth.aside", connection -> {
                records(id).setAside(connection, bytes, before);
                return true;
            });
        }
    }

    @Override
    public SaveResult save(Turn turn, Revision expected, CredentialRecord record, Keep keep) throws StoreException {
        CredentialId id = turn.ours().id();
        String owner = turn.ours().owner();
        SaveResult result = Settled.swap(expected, Revision.of(record), new Settled.Swap() {
            @Override
            public SaveResult swapOnce() throws Failure {
                return database.once(UPDATE, connection -> records(id).save(connection, expected, record, keep, owner))
                        .map(held -> held ? SaveResult.SAVED : SaveResult.SAVED_LATE)
                        .orElse(SaveResult.CONFLICT);
            }

            @Override
            public Revision storedOnce() throws Failure {
                return database.once(SELECT, records(id)::content)
                        .map(RecordRows.Content::revision)
                        .orElse(Revision.NONE);
            }
        });
        if (result == SaveResult.CONFLICT) {
            // A damaged record is no other login, and nobody's to overwrite.
            load(id);
        }
        return result;
    }

    @Override
    public SaveResult note(Turn turn, Revision expected, Health health) throws StoreException {
        CredentialId id = turn.ours().id();
        Optional<CredentialRecord> current = load(id);
        if (current.isEmpty() || !Revision.of(current).equals(expected)) {
            return SaveResult.CONFLICT;
        }
        CredentialRecord noted = current.get().with(health);
        boolean isWritten = database.repeatedly(
                UPDATE,
                connection -> records(id).rewrite(connection, noted, turn.ours().owner()));
        return isWritten ? SaveResult.SAVED : SaveResult.LEASE_LOST;
    }

    @Override
    public Optional<CredentialRecord> proveWritable(CredentialId id) throws StoreException {
        Optional<CredentialRecord> stored = load(id);
        database.repeatedly(UPDATE, connection -> {
            records(id).tryToSave(connection);
            return true;
        });
        return stored;
    }
}
