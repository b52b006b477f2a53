package io.github.codexauth.stores.postgresql;

import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables of a store, in a schema of their own. */
record Schema(Database database) {
    /** Raised by whoever changes a table; {@link #make} then has to take an older one over. */
    private static final int NEWEST = 2;

    /** The first version in which logins can lie beside others; jobs can do without it. */
    private static final int WITH_STRAYS = 2;

    /** So that two who make the tables at once do not meet; any number that nobody else is likely to use. */
    private static final long ONE_AT_A_TIME = 7_126_002_014L;

    private static final String LOOK = "SELECT on codex_auth.format";

    private static final List<String> TABLES = List.of(
            "CREATE SCHEMA IF NOT EXISTS codex_auth",
            "CREATE TABLE IF NOT EXISTS codex_auth.format (version integer NOT NULL)",
            """
            CREATE TABLE IF NOT EXISTS codex_auth.credential (
              id text PRIMARY KEY,
              generation bigint NOT NULL DEFAULT 0,
              session text NOT NULL DEFAULT '',
              sha256 text NOT NULL DEFAULT '',
              record bytea,
              checksum bytea,
              expires timestamptz,
              previous bytea,
              epoch bigint NOT NULL DEFAULT 0,
              owner text,
              holder text,
              since text,
              claim text,
              lease_until timestamptz NOT NULL DEFAULT '-infinity')""",
            """
            CREATE TABLE IF NOT EXISTS codex_auth.aside (
              id text NOT NULL,
              record bytea NOT NULL,
              at timestamptz NOT NULL DEFAULT clock_timestamp())""",
            "ALTER TABLE codex_auth.aside ADD COLUMN IF NOT EXISTS token text",
            "CREATE UNIQUE INDEX IF NOT EXISTS aside_once ON codex_auth.aside (id, token)",
            """
            CREATE TABLE IF NOT EXISTS codex_auth.waiter (
              ticket bigserial PRIMARY KEY,
              ids text[] NOT NULL,
              alive_until timestamptz NOT NULL)""",
            """
            CREATE TABLE IF NOT EXISTS codex_auth.sharer (
              word text PRIMARY KEY,
              id text NOT NULL,
              holder text NOT NULL,
              since text NOT NULL,
              alive_until timestamptz NOT NULL)""");

    /** Makes what is missing, and takes older tables over; what is in them stays. */
    void make() throws StoreException {
        database.repeatedly("CREATE in the database", connection -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_advisory_xact_lock(" + ONE_AT_A_TIME + ")");
                for (String table : TABLES) {
                    statement.execute(table);
                }
                statement.execute("INSERT INTO codex_auth.format SELECT " + NEWEST
                        + " WHERE NOT EXISTS (SELECT 1 FROM codex_auth.format)");
                statement.execute("UPDATE codex_auth.format SET version = " + NEWEST + " WHERE version < " + NEWEST);
            }
            connection.commit();
            return true;
        });
        requireReadable();
    }

    /** @throws StoreUnavailableException if there are no tables, or those of a newer version */
    void requireReadable() throws StoreException {
        int version = database.repeatedly(LOOK, Schema::version);
        if (version > NEWEST) {
            throw new StoreUnavailableException(
                    "the tables in " + database.address() + " have version " + version
                            + ", and this version of codex-auth knows up to " + NEWEST,
                    "install the newer codex-auth here too; nothing was changed");
        }
    }

    /** Whether logins can lie beside others in these tables. */
    boolean hasStrays() throws StoreException {
        return database.repeatedly(LOOK, Schema::hasStrays);
    }

    /** As the other, where there is a connection already. */
    static boolean hasStrays(Connection connection) throws SQLException {
        return version(connection) >= WITH_STRAYS;
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT max(version) FROM codex_auth.format")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** The rights that a runner's role needs, and no more, as SQL. */
    static List<String> rights(String role) {
        String to = " TO \"" + role.replace("\"", "\"\"") + "\";";
        return List.of(
                "GRANT USAGE ON SCHEMA codex_auth" + to,
                "GRANT SELECT ON codex_auth.format" + to,
                "GRANT SELECT, INSERT, UPDATE ON codex_auth.credential" + to,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON codex_auth.waiter" + to,
                "GRANT USAGE ON SEQUENCE codex_auth.waiter_ticket_seq" + to,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON codex_auth.sharer" + to,
                "GRANT SELECT, INSERT, DELETE ON codex_auth.aside" + to);
    }
}
