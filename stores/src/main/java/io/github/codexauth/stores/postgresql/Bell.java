package io.github.codexauth.stores.postgresql;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/**
 * Tells those who are next in the line that a credential was given back, by {@code NOTIFY}. Everybody who may connect
 * to the database can hear it, so it says the numbers of their places and nothing else.
 */
record Bell(Database database, LeaseRows leases) {
    /** Who is further back looks now and then, so that as many connections stay open for each line, and no more. */
    static final int HEARERS = 2;

    static final String CHANNEL = "codex_auth";

    /** Whether there is one; otherwise whoever waits looks. */
    boolean isThere() {
        return database.address().rings();
    }

    /** Rings for those who are next for a credential. Tries once, since whoever does not hear it looks. */
    void ring(CredentialId id) {
        if (!isThere()) {
            return;
        }
        try {
            database.once("SELECT on codex_auth.waiter", connection -> {
                leases.ring(connection, id, CHANNEL, HEARERS);
                return true;
            });
        } catch (Failure unheard) {
            return;
        }
    }

    /** Whether what rings comes through: behind a pooler, which gives connections away, it goes to somebody else. */
    boolean isHeard() throws StoreUnavailableException {
        return database.repeatedly("nothing", Bell::isDirect);
    }

    /** A pooler makes up the number that a client would cancel by. */
    private static boolean isDirect(Connection connection) throws SQLException {
        return Statements.first(connection, "SELECT pg_backend_pid()", row -> row.getInt(1))
                .orElseThrow()
                .equals(connection.unwrap(PGConnection.class).getBackendPID());
    }

    /**
     * Hears on a connection from now on.
     *
     * @return whether it can be heard there
     */
    static boolean listen(Connection connection) throws SQLException {
        if (!isDirect(connection)) {
            return false;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + CHANNEL);
        }
        return true;
    }
}
