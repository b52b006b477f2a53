package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Keep;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import java.util.List;
import java.util.Optional;

/** Logins that are swapped. */
public record SwappedLogins(LoginCells cells, SwappedLeases leases) implements Logins {
    @Override
    public List<CredentialId> list() throws StoreException {
        return cells.list();
    }

    @Override
    public Optional<CredentialRecord> look(CredentialId id) throws StoreException {
        return Attempts.repeat(() -> cells.look(id)).records().current();
    }

    private LoginCells.Seen newest(CredentialId id) throws StoreUnavailableException {
        return Attempts.repeat(() -> cells.newest(id));
    }

    @Override
    public Optional<CredentialRecord> load(CredentialId id) throws StoreException {
        return newest(id).records().current();
    }

    @Override
    public Optional<CredentialRecord> previous(CredentialId id) throws StoreException {
        return newest(id).records().previous();
    }

    @Override
    public boolean setDamagedAside(CredentialId id) throws StoreException {
        LoginCells.Seen damaged = newest(id);
        try {
            damaged.records().current();
            return false;
        } catch (CorruptRecordException unreadable) {
            LoginRecords good = damaged.records().setAside();
            // What was put aside already, and the answer lost, reads well the next time.
            Attempts.repeat(() -> damaged.replace(good));
            load(id);
            return true;
        }
    }

    @Override
    public SaveResult save(Turn turn, Revision expected, CredentialRecord record, Keep keep) throws StoreException {
        CredentialId id = turn.ours().id();
        if (expected.equals(Revision.NONE)) {
            leases.markStored(id);
        }
        SaveResult result = Settled.swap(expected, Revision.of(record), new Settled.Swap() {
            @Override
            public SaveResult swapOnce() throws StoreException, Failure {
                return SwappedLogins.this.swapOnce(id, expected, record, keep);
            }

            @Override
            public Revision storedOnce() throws StoreException, Failure {
                return cells.newest(id).records().revision();
            }
        });
        return result == SaveResult.SAVED && !isStillOurs(turn) ? SaveResult.SAVED_LATE : result;
    }

    /** Once more where somebody wrote the login and did not change it, or whoever answered first was late. */
    private SaveResult swapOnce(CredentialId id, Revision expected, CredentialRecord record, Keep keep)
            throws StoreException, Failure {
        LoginCells.Seen stored = cells.look(id);
        while (true) {
            if (stored.records().revision().equals(expected)
                    && stored.replace(stored.records().saved(record, keep))) {
                return SaveResult.SAVED;
            }
            stored = cells.newest(id);
            if (!stored.records().revision().equals(expected)) {
                return SaveResult.CONFLICT;
            }
        }
    }

    private boolean isStillOurs(Turn turn) {
        try {
            return leases.isStill(turn.ours());
        } catch (Failure silent) {
            return turn.term().state().isHeld();
        }
    }

    @Override
    public SaveResult note(Turn turn, Revision expected, Health health) throws StoreException {
        CredentialId id = turn.ours().id();
        LoginCells.Seen stored = newest(id);
        Optional<CredentialRecord> current = stored.records().current();
        if (!isStillOurs(turn)) {
            return SaveResult.LEASE_LOST;
        }
        if (current.isEmpty() || !Revision.of(current).equals(expected)) {
            return SaveResult.CONFLICT;
        }
        CredentialRecord noted = current.get().with(health);
        LoginRecords next = stored.records().rewritten(noted);
        boolean isWritten = Attempts.repeat(() -> stored.replace(next));
        return isWritten || load(id).equals(Optional.of(noted)) ? SaveResult.SAVED : SaveResult.CONFLICT;
    }

    @Override
    public Optional<CredentialRecord> proveWritable(CredentialId id) throws StoreException {
        LoginCells.Seen stored = newest(id);
        Optional<CredentialRecord> current = stored.records().current();
        Attempts.repeat(() -> {
            stored.pretend();
            return true;
        });
        return current;
    }
}
