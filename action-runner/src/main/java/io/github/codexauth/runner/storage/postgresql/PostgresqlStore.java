package io.github.codexauth.runner.storage.postgresql;

import io.github.codexauth.CredentialId;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.runner.storage.remote.Failure;
import io.github.codexauth.runner.storage.remote.LeaseTimes;
import io.github.codexauth.runner.storage.remote.Renewals;
import io.github.codexauth.runner.storage.remote.RenewedLease;
import io.github.codexauth.runner.storage.remote.Term;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.DetachableLease;
import io.github.codexauth.store.DetachableStore;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.LeaseClaim;
import io.github.codexauth.store.LeaseGoneException;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.QueueingStore;
import io.github.codexauth.store.SharedUseStore;
import io.github.codexauth.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A store in the tables of a {@link Schema}, for as many machines as reach the database.
 *
 * <p>Whoever has a credential renews its lease; leases end by the server's clock, and no two machines' clocks are ever
 * compared. Whoever waits has a place in the line and looks now and then. Works through PgBouncer in transaction mode.
 */
public final class PostgresqlStore implements DetachableStore, QueueingStore, SharedUseStore {
    private final Database database;
    private final LeaseRows leases;
    private final Clock clock;
    private final SharerRows sharers;
    private final Renewals renewals = new Renewals();

    /** @param clock tells how long this machine slept; it ends no lease */
    PostgresqlStore(Database database, LeaseTimes times, Clock clock) {
        this.database = database;
        this.leases = new LeaseRows(times);
        this.sharers = new SharerRows(times.term());
        this.clock = clock;
    }

    @Override
    public String address() {
        return database.address().toString();
    }

    @Override
    public DetachableLease acquire(CredentialId id, Holder holder, Duration wait, Consumer<Occupancy> onBusy)
            throws StoreException, CredentialBusyException, InterruptedException {
        return acquireAny(List.of(id), holder, wait, (busy, occupancy) -> onBusy.accept(occupancy));
    }

    @Override
    public DetachableLease acquireAny(
            List<CredentialId> ids, Holder holder, Duration wait, BiConsumer<CredentialId, Occupancy> onBusy)
            throws StoreException, CredentialBusyException, InterruptedException {
        Line.Turn turn = new Line(database, leases, clock).await(ids, holder, wait, onBusy);
        return new RowLease(database, leases, turn.ours(), turn.term(), renewals);
    }

    @Override
    public DetachableLease resume(CredentialId id, LeaseClaim claim) throws StoreException, LeaseGoneException {
        Term term = new Term(leases.times(), clock);
        String owner = PrivateFiles.randomHex(16);
        LeaseRows.Ours ours = database.repeatedly(
                        RowLease.UPDATE, connection -> leases.resume(connection, id, owner, RenewedLease.hash(claim)))
                .orElseThrow(() -> RenewedLease.gone(id));
        return new RowLease(database, leases, ours, term, renewals);
    }

    @Override
    public boolean breakLease(CredentialId id, Occupancy expected) throws StoreException {
        return database.repeatedly(RowLease.UPDATE, connection -> leases.breakDetached(connection, id, expected));
    }

    @Override
    public List<CredentialId> list() throws StoreException {
        return database.repeatedly(RowLease.SELECT, PostgresqlStore::list);
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

    @Override
    public Optional<Envelope> peek(CredentialId id) throws StoreException {
        RecordRows records = new RecordRows(address(), id);
        byte[] bytes = database.repeatedly(RowLease.SELECT, records::content)
                .map(RecordRows.Content::record)
                .orElse(null);
        return bytes == null
                ? Optional.empty()
                : Optional.of(records.read(bytes)).map(CredentialRecord::envelope);
    }

    @Override
    public Optional<Occupancy> occupancy(CredentialId id) throws StoreException {
        return database.repeatedly(RowLease.SELECT, connection -> leases.occupancy(connection, List.of(id)))
                .map(LeaseRows.Seen::occupancy);
    }

    @Override
    public OptionalInt waiters(CredentialId id) throws StoreException {
        return OptionalInt.of(
                database.repeatedly("SELECT on codex_auth.waiter", connection -> leases.waiters(connection, id)));
    }

    @Override
    public Use use(CredentialId id, Holder user) throws StoreException {
        String word = PrivateFiles.randomHex(16);
        database.repeatedly(SharerRows.RIGHT, connection -> sharers.keep(connection, word, id, user));
        Renewals.Renewal renewal = renewals.start(leases.times().renewal(), () -> keep(word, id, user));
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
