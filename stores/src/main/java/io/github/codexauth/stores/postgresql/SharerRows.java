package io.github.codexauth.stores.postgresql;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.Holder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Who shares a credential, as rows that end by themselves unless they are kept. Every statement may be sent twice: a
 * row belongs to a random word.
 *
 * @param kept for how long a row stays that nobody keeps
 */
record SharerRows(Duration kept) {
    static final String RIGHT = "SELECT, INSERT, UPDATE and DELETE on codex_auth.sharer";

    /** Adds somebody, or keeps the row; removes what nobody has kept. */
    boolean keep(Connection connection, String word, CredentialId id, Holder user) throws SQLException {
        Statements.change(connection, "DELETE FROM codex_auth.sharer WHERE alive_until < clock_timestamp()");
        Statements.change(
                connection,
                "INSERT INTO codex_auth.sharer (word, id, holder, since, alive_until)"
                        + " VALUES (?, ?, ?, ?, clock_timestamp() + ?::interval)"
                        + " ON CONFLICT (word) DO UPDATE SET alive_until = EXCLUDED.alive_until",
                word,
                id.value(),
                user.description(),
                user.since().toString(),
                Statements.interval(kept));
        return true;
    }

    boolean remove(Connection connection, String word) throws SQLException {
        Statements.change(connection, "DELETE FROM codex_auth.sharer WHERE word = ?", word);
        return true;
    }

    /** All of them, longest first. */
    List<Holder> all(Connection connection, CredentialId id) throws SQLException {
        List<Holder> users = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT holder, since FROM codex_auth.sharer WHERE id = ? AND alive_until > clock_timestamp()")) {
            statement.setString(1, id.value());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    users.add(new Holder(rows.getString(1), since(rows.getString(2))));
                }
            }
        }
        users.sort(Comparator.comparing(Holder::since));
        return List.copyOf(users);
    }

    private static Instant since(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException damaged) {
            return Instant.EPOCH;
        }
    }
}
