package io.github.codexauth.stores.postgresql;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.AsideStore;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.store.StrayRecord;
import io.github.codexauth.stores.remote.Strays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Strays in a table of their own, beside the records that were damaged, which have no token there. */
record DatabaseStrays(Database database) implements Strays {
    private static final String RIGHT = "SELECT, INSERT, DELETE on codex_auth.aside";

    /** What came of putting one there. */
    private enum Outcome {
        KEPT,
        FULL,
        NOTHING_THERE,
        TOO_OLD
    }

    @Override
    public void put(StrayRecord stray, byte[] bytes) throws StoreUnavailableException {
        CredentialId id = stray.record().envelope().id();
        switch (database.repeatedly(RIGHT, connection -> put(connection, id, stray.refreshToken(), bytes))) {
            case KEPT -> {}
            case FULL -> throw Strays.full(id);
            case NOTHING_THERE ->
                throw Strays.nothingThere(id, database.address().toString());
            case TOO_OLD -> throw tooOld(database.address());
        }
    }

    /** What is to be done about tables that were made before there were strays. */
    static StoreUnavailableException tooOld(ServerAddress address) {
        return new StoreUnavailableException(
                "the tables in " + address + " were made by an older codex-auth, which kept no login beside another",
                "take them over, as their owner, and give the runners the rights that are printed: codex-auth store"
                        + " init --store …");
    }

    private static Outcome put(Connection connection, CredentialId id, String token, byte[] bytes) throws SQLException {
        if (!Schema.hasStrays(connection)) {
            return Outcome.TOO_OLD;
        }
        Statements.begin(connection);
        // The long message comes before the lock: of one that arrives by half the server waits for the rest, for as
        // long
        // as it takes, and would keep the row locked.
        int added = Statements.change(
                connection,
                "INSERT INTO codex_auth.aside (id, token, record) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                id.value(),
                token,
                bytes);
        Outcome outcome = added == 0 ? Outcome.KEPT : judge(connection, id);
        if (outcome == Outcome.KEPT) {
            connection.commit();
        } else {
            connection.rollback();
        }
        return outcome;
    }

    /** Whether the one that was just put there may stay. */
    private static Outcome judge(Connection connection, CredentialId id) throws SQLException {
        // Locked, so that two who come at once do not both count too few.
        boolean isThere = Statements.first(
                        connection,
                        "SELECT record IS NOT NULL FROM codex_auth.credential WHERE id = ? FOR UPDATE",
                        row -> row.getBoolean(1),
                        id.value())
                .orElse(false);
        if (!isThere) {
            return Outcome.NOTHING_THERE;
        }
        return tokens(connection, id).size() > AsideStore.MOST ? Outcome.FULL : Outcome.KEPT;
    }

    private static List<String> tokens(Connection connection, CredentialId id) throws SQLException {
        return all(connection, "token", row -> row.getString(1), id);
    }

    @Override
    public List<StrayRecord> all(CredentialId id) throws StoreException {
        List<byte[]> found = database.repeatedly(
                RIGHT,
                connection -> Schema.hasStrays(connection)
                        ? all(connection, "record", row -> row.getBytes(1), id)
                        : List.of());
        return Strays.read(found, id);
    }

    private static <T> List<T> all(Connection connection, String column, Statements.Row<T> read, CredentialId id)
            throws SQLException {
        List<T> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT " + column + " FROM codex_auth.aside WHERE id = ? AND token IS NOT NULL ORDER BY at")) {
            statement.setString(1, id.value());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(read.read(rows));
                }
            }
        }
        return found;
    }

    @Override
    public void remove(StrayRecord stray) throws StoreUnavailableException {
        database.repeatedly(
                RIGHT,
                connection -> Schema.hasStrays(connection)
                        && Statements.change(
                                        connection,
                                        "DELETE FROM codex_auth.aside WHERE id = ? AND token = ?",
                                        stray.record().envelope().id().value(),
                                        stray.refreshToken())
                                > 0);
    }
}
