package io.github.codexauth.runner.storage.postgresql;

import io.github.codexauth.CredentialId;
import io.github.codexauth.Sha256;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.runner.storage.remote.Attempts;
import io.github.codexauth.runner.storage.remote.Failure;
import io.github.codexauth.runner.storage.remote.PlaintextRule;
import io.github.codexauth.runner.storage.remote.Renewals;
import io.github.codexauth.runner.storage.remote.Term;
import io.github.codexauth.store.CompareAndSwap;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.DetachableLease;
import io.github.codexauth.store.Encryption;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Keep;
import io.github.codexauth.store.LeaseClaim;
import io.github.codexauth.store.LeaseState;
import io.github.codexauth.store.LostAnswerException;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A lease on one row. It is renewed by the store's own thread, so that no save can hold its renewal up. A save does not
 * ask whether the lease still runs: what it replaces says whether it is right.
 */
final class RowLease implements DetachableLease {
    static final String UPDATE = "UPDATE on codex_auth.credential";
    static final String SELECT = "SELECT on codex_auth.credential";

    private final Database database;
    private final RecordRows records;
    private final LeaseRows leases;
    private final LeaseRows.Ours ours;
    private final Term term;
    private final PlaintextRule protection;
    private final Renewals.Renewal renewal;
    private final AtomicBoolean over = new AtomicBoolean();

    /**
     * @param term how long it is ours for certain
     * @param renewals renews it until it is closed
     */
    RowLease(Database database, LeaseRows leases, LeaseRows.Ours ours, Term term, Renewals renewals) {
        this.database = database;
        this.records = new RecordRows(database.address().toString(), ours.id());
        this.leases = leases;
        this.ours = ours;
        this.term = term;
        this.protection = new PlaintextRule(
                database.address().toString(),
                "the database",
                database.address().plaintext());
        this.renewal = renewals.start(leases.times().renewal(), this::renew);
    }

    @Override
    public CredentialId id() {
        return records.id();
    }

    /** Once: who calls does so again soon. @return whether to go on */
    private boolean renew() {
        Term.Request request = term.request();
        try {
            boolean held = database.once(UPDATE, connection -> leases.renew(connection, ours));
            if (held) {
                request.confirmed();
            } else {
                term.lost();
            }
            return held;
        } catch (Failure unanswered) {
            // Then the term goes on running out.
            return true;
        }
    }

    @Override
    public LeaseState state() {
        return term.state();
    }

    @Override
    public LeaseState confirm() {
        if (!over.get()) {
            renew();
        }
        return term.state();
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
        SaveResult result = new CompareAndSwap(expected, Revision.of(record), Attempts.LIMIT)
                .in(new CompareAndSwap.Place() {
                    @Override
                    public SaveResult swap() throws StoreException, LostAnswerException {
                        return swapOnce(expected, record, keep);
                    }

                    @Override
                    public Revision stored() throws StoreException {
                        Attempts.pause();
                        return contentOnce().map(RecordRows.Content::revision).orElse(Revision.NONE);
                    }
                });
        if (result == SaveResult.CONFLICT) {
            // A damaged record is no other login, and nobody's to overwrite.
            load();
        }
        return result;
    }

    private SaveResult swapOnce(Revision expected, CredentialRecord record, Keep keep)
            throws StoreException, LostAnswerException {
        try {
            return database.once(UPDATE, connection -> records.save(connection, expected, record, keep, ours.owner()))
                    .map(held -> held ? SaveResult.SAVED : SaveResult.SAVED_LATE)
                    .orElse(SaveResult.CONFLICT);
        } catch (Failure failure) {
            if (failure.kind() == Failure.Kind.REFUSED) {
                throw failure.told();
            }
            throw new LostAnswerException(failure.told());
        }
    }

    private Optional<RecordRows.Content> contentOnce() throws StoreException {
        try {
            return database.once(SELECT, records::content);
        } catch (Failure failure) {
            throw failure.told();
        }
    }

    @Override
    public SaveResult note(Revision expected, Health health) throws StoreException {
        Optional<CredentialRecord> current = load();
        if (over.get() || term.state() instanceof LeaseState.Lost) {
            return SaveResult.LEASE_LOST;
        }
        if (current.isEmpty() || !Revision.of(current).equals(expected)) {
            return SaveResult.CONFLICT;
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

    @Override
    public LeaseClaim detach(Duration time) throws StoreException {
        LeaseClaim claim = new LeaseClaim(PrivateFiles.randomHex(16));
        boolean left = !over.get()
                && database.repeatedly(UPDATE, connection -> leases.detach(connection, ours, hash(claim), time));
        if (!left) {
            throw new StoreUnavailableException(
                    "the lease of credential '" + id() + "' has ended, so it cannot be left to later steps",
                    "run codex-auth restore again");
        }
        over.set(true);
        end();
        return claim;
    }

    /** Whoever reads the database must not be able to take a lease up. */
    static String hash(LeaseClaim claim) {
        return Sha256.hex(claim.value().getBytes(StandardCharsets.US_ASCII));
    }

    private void end() {
        renewal.end();
        term.lost();
    }

    @Override
    public void close() {
        if (over.getAndSet(true)) {
            return;
        }
        end();
        try {
            database.repeatedly(UPDATE, connection -> {
                leases.release(connection, ours);
                return true;
            });
        } catch (StoreUnavailableException later) {
            // Then it ends by itself, at the end of its term.
            return;
        }
    }
}
