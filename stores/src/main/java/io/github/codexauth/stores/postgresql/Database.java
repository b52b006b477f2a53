package io.github.codexauth.stores.postgresql;

import io.github.codexauth.SecretText;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.remote.Attempts;
import io.github.codexauth.stores.remote.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * Calls to one database. Each has a connection of its own, so that it works through PgBouncer, with passwords that are
 * good for minutes, and with as many runners as there are. Safe for use by several threads.
 */
final class Database {
    /** For connecting, and for each answer. */
    private static final String SECONDS = "3";

    /** What the driver has to tell is told by us. Kept, since a logger that nobody keeps forgets its level. */
    private static final Logger DRIVER = Logger.getLogger("org.postgresql");

    static {
        DRIVER.setLevel(Level.OFF);
    }

    private final ServerAddress address;
    private final PasswordSource password;
    private final Refusals refusals;

    Database(ServerAddress address, PasswordSource password) {
        this.address = address;
        this.password = password;
        this.refusals = new Refusals(address);
    }

    ServerAddress address() {
        return address;
    }

    /** What is done with a connection. */
    @FunctionalInterface
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /**
     * Does something once.
     *
     * @param right what the user needs for it
     */
    <T> T once(String right, Work<T> work) throws Failure {
        try (Connection connection = connect()) {
            return answer(right, work, connection);
        } catch (SQLException closing) {
            // The answer was there, or the failure is one of the two below.
            throw refusals.asking(right, closing);
        }
    }

    private <T> T answer(String right, Work<T> work, Connection connection) throws Failure {
        try {
            return work.with(connection);
        } catch (SQLException e) {
            throw refusals.asking(right, e);
        }
    }

    /**
     * Does something that may be done twice, until an answer comes.
     *
     * @throws StoreUnavailableException if the server refuses it, or no answer comes in time
     */
    <T> T repeatedly(String right, Work<T> work) throws StoreUnavailableException {
        return Attempts.repeat(() -> once(right, work));
    }

    /** A connection that the caller closes. Whatever is asked there has to be answered in 3 s. */
    Connection connect() throws Failure {
        Properties properties = new Properties();
        properties.setProperty("user", address.user());
        try {
            Optional<SecretText> secret = password.read();
            secret.ifPresent(text -> properties.setProperty("password", text.reveal()));
        } catch (StoreUnavailableException e) {
            throw new Failure(Failure.Kind.REFUSED, e);
        }
        properties.setProperty("ApplicationName", "codex-auth");
        properties.setProperty("connectTimeout", SECONDS);
        properties.setProperty("socketTimeout", SECONDS);
        properties.setProperty("sslResponseTimeout", SECONDS + "000");
        properties.setProperty("tcpKeepAlive", "true");
        // PgBouncer gives every transaction another connection, which knows no statement that was prepared before.
        properties.setProperty("prepareThreshold", "0");
        properties.setProperty("gssEncMode", "disable");
        new Tls(address).addTo(properties);
        if (address.hosts().size() > 1) {
            properties.setProperty("targetServerType", "primary");
            // Else a standby that was promoted would be taken for one for 10 s.
            properties.setProperty("hostRecheckSeconds", "1");
        }
        String url = "jdbc:postgresql://" + ServerAddress.Host.text(address.hosts()) + "/" + address.database();
        try {
            @Nullable Connection connection = new Driver().connect(url, properties);
            if (connection == null) {
                throw new SQLException("not a URL of this driver", "08001");
            }
            return connection;
        } catch (SQLException e) {
            throw refusals.connecting(properties.containsKey("password"), e);
        }
    }
}
