package io.github.codexauth.stores.postgresql;

import io.github.codexauth.CredentialId;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.SharedUseStore;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.LeaseTimes;
import io.github.codexauth.stores.remote.PlaintextRule;
import io.github.codexauth.stores.remote.Renewals;
import io.github.codexauth.stores.remote.ServerStore;
import java.time.Clock;
import java.util.List;

/**
 * A store in the tables of a {@link Schema}, for as many machines as reach the database.
 *
 * <p>Whoever has a credential renews its lease; leases end by the server's clock, and no two machines' clocks are ever
 * compared. Whoever waits has a place in the line and looks now and then. Works through PgBouncer in transaction mode.
 */
public final class PostgresqlStore extends ServerStore implements SharedUseStore {
    private final Database database;
    private final SharerRows sharers;
    private final LeaseTimes times;

    /** @param clock tells how long this machine slept; it ends no lease */
    PostgresqlStore(Database database, LeaseTimes times, Clock clock) {
        super(parts(database, times), clock);
        this.database = database;
        this.sharers = new SharerRows(times.term());
        this.times = times;
    }

    private static Parts parts(Database database, LeaseTimes times) {
        ServerAddress address = database.address();
        LeaseRows leases = new LeaseRows(times);
        return new Parts(
                address.toString(),
                new DatabaseLeases(database, leases),
                new DatabaseLogins(database),
                new DatabaseStrays(database),
                new RowLine(database, leases, new Bell(database, leases)),
                new PlaintextRule(address.toString(), "the database", address.plaintext()));
    }

    @Override
    public Use use(CredentialId id, Holder user) throws StoreException {
        String word = PrivateFiles.randomHex(16);
        database.repeatedly(SharerRows.RIGHT, connection -> sharers.keep(connection, word, id, user));
        Renewals.Renewal renewal = renewals().start(times.renewal(), () -> keep(word, id, user));
        return () -> {
            renewal.end();
            remove(word);
        };
    }

    private boolean keep(String word, CredentialId id, Holder user) {
        try {
            database.once(SharerRows.RIGHT, connection -> sharers.keep(connection, word, id, user));
        } catch (Failure unanswered) {
            // Then the row goes on running out, which only status shows.
        }
        return true;
    }

    private void remove(String word) {
        try {
            database.once(SharerRows.RIGHT, connection -> sharers.remove(connection, word));
        } catch (Failure later) {
            // A row that nobody keeps ends by itself.
            return;
        }
    }

    @Override
    public List<Holder> users(CredentialId id) throws StoreException {
        return database.repeatedly(SharerRows.RIGHT, connection -> sharers.all(connection, id));
    }
}
