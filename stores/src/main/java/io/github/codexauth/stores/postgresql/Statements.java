package io.github.codexauth.stores.postgresql;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One SQL statement with its values. */
final class Statements {
    private Statements() {}

    /** Reads one row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** The first row of the answer; empty if there is none. */
    static <T> Optional<T> first(Connection connection, String sql, Row<T> read, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, values);
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(read.read(rows)) : Optional.empty();
        }
    }

    /** Changes rows, and answers how many. */
    static int change(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** A duration as the server adds it to a time. */
    static String interval(Duration time) {
        return time.toMillis() + " milliseconds";
    }

    static Array texts(Connection connection, Object... words) throws SQLException {
        return connection.createArrayOf("text", words);
    }

    /**
     * Begins a transaction that is durable, whatever the server does with others' commits. A client that is gone
     * without a word, as one is that lost its power, must not keep the row from others until the network's time is
     * over: the server ends it before anybody's second attempt.
     */
    static void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        change(connection, "SET LOCAL synchronous_commit = on; SET LOCAL idle_in_transaction_session_timeout = '2s'");
    }

    private static PreparedStatement prepare(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }
}
