package io.github.codexauth.runner.storage.postgresql;

import io.github.codexauth.runner.storage.remote.Failure;
import io.github.codexauth.runner.storage.remote.PlaintextRule;
import io.github.codexauth.runner.storage.remote.Renewals;
import io.github.codexauth.runner.storage.remote.RenewedLease;
import io.github.codexauth.runner.storage.remote.Settled;
import io.github.codexauth.runner.storage.remote.Term;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Encryption;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Keep;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import java.time.Duration;
import java.util.Optional;

/** A lease on one row. */
final class RowLease extends RenewedLease {
    static final String UPDATE = "UPDATE on codex_auth.credential";
    static final String SELECT = "SELECT on codex_auth.credential";

    private final Database database;
    private final RecordRows records;
    private final LeaseRows leases;
    private final LeaseRows.Ours ours;
    private final PlaintextRule protection;

    /**
     * @param term how long it is ours for certain
     * @param renewals renews it until it is closed
     */
    RowLease(Database database, LeaseRows leases, LeaseRows.Ours ours, Term term, Renewals renewals) {
        super(ours.id(), term);
        this.database = database;
        this.records = new RecordRows(database.address().toString(), ours.id());
        this.leases = leases;
        this.ours = ours;
        this.protection = new PlaintextRule(
                database.address().toString(),
                "the database",
                database.address().plaintext());
        renewBy(renewals, leases.times().renewal());
    }

    @Override
    protected boolean renewOnce() throws Failure {
        return database.once(UPDATE, connection -> leases.renew(connection, ours));
    }

    @Override
    protected boolean leave(String hashOfClaim, Duration time) throws StoreException {
        return database.repeatedly(UPDATE, connection -> leases.detach(connection, ours, hashOfClaim, time));
    }

    @Override
    protected void release() throws StoreUnavailableException {
        database.repeatedly(UPDATE, connection -> {
            leases.release(connection, ours);
            return true;
        });
    }

    @Override
    public Optional<CredentialRecord> load() throws StoreException {
        Optional<RecordRows.Content> row = content();
        byte[] bytes = row.map(RecordRows.Content::record).orElse(null);
        return bytes == null ? Optional.empty() : Optional.of(records.read(bytes));
    }

    @Override
    public Optional<CredentialRecord> loadPrevious() throws StoreException {
        byte[] bytes = content().map(RecordRows.Content::previous).orElse(null);
        try {
            return bytes == null ? Optional.empty() : Optional.of(records.read(bytes));
        } catch (CorruptRecordException unreadable) {
            return Optional.empty();
        }
    }

    private Optional<RecordRows.Content> content() throws StoreException {
        return database.repeatedly(SELECT, records::content);
    }

    @Override
    public boolean setDamagedAside() throws StoreException {
        byte[] bytes = content().map(RecordRows.Content::record).orElse(null);
        if (bytes == null) {
            return false;
        }
        try {
            records.read(bytes);
            return false;
        } catch (CorruptRecordException damaged) {
            Optional<CredentialRecord> before = loadPrevious();
            return database.repeatedly("INSERT on codex_auth.aside", connection -> {
                records.setAside(connection, bytes, before);
                return true;
            });
        }
    }

    @Override
    public SaveResult save(Revision expected, CredentialRecord record, Keep keep) throws StoreException {
        protection.require(record.encryption());
        SaveResult result = Settled.swap(expected, Revision.of(record), new Settled.Swap() {
            @Override
            public SaveResult swapOnce() throws Failure {
                return database.once(
                                UPDATE, connection -> records.save(connection, expected, record, keep, ours.owner()))
                        .map(held -> held ? SaveResult.SAVED : SaveResult.SAVED_LATE)
                        .orElse(SaveResult.CONFLICT);
            }

            @Override
            public Revision storedOnce() throws Failure {
                return database.once(SELECT, records::content)
                        .map(RecordRows.Content::revision)
                        .orElse(Revision.NONE);
            }
        });
        if (result == SaveResult.CONFLICT) {
            // A damaged record is no other login, and nobody's to overwrite.
            load();
        }
        return result;
    }

    @Override
    public SaveResult note(Revision expected, Health health) throws StoreException {
        Optional<CredentialRecord> current = load();
        Optional<SaveResult> obstacle = obstacle(current, expected);
        if (obstacle.isPresent() || current.isEmpty()) {
            return obstacle.orElse(SaveResult.CONFLICT);
        }
        CredentialRecord noted = current.get().with(health);
        boolean written = database.repeatedly(UPDATE, connection -> records.rewrite(connection, noted, ours.owner()));
        return written ? SaveResult.SAVED : SaveResult.LEASE_LOST;
    }

    @Override
    public void proveWritable() throws StoreException {
        Optional<CredentialRecord> stored = load();
        if (stored.isPresent()) {
            protection.require(stored.get().encryption());
        }
        database.repeatedly(UPDATE, connection -> {
            records.tryToSave(connection);
            return true;
        });
    }

    @Override
    public void requireProtection(Encryption encryption) throws StoreUnavailableException {
        protection.require(encryption);
    }
}
