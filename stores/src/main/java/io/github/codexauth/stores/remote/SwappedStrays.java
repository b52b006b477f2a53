package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.AsideStore;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.store.StrayRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Strays that are swapped together with the login that they lie beside: no runner needs another right for them. */
public record SwappedStrays(LoginCells cells) implements Strays {
    @Override
    public void put(StrayRecord stray, byte[] bytes) throws StoreUnavailableException {
        CredentialId id = stray.record().envelope().id();
        change(id, records -> {
            if (records.strays().containsKey(stray.refreshToken())) {
                return Change.NONE;
            }
            if (records.now().isEmpty()) {
                return Change.refused(Strays.nothingThere(id, records.where()));
            }
            return records.strays().size() < AsideStore.MOST
                    ? Change.to(records.with(stray.refreshToken(), bytes))
                    : Change.refused(Strays.full(id));
        });
    }

    @Override
    public List<StrayRecord> all(CredentialId id) throws StoreException {
        return Strays.read(
                Attempts.repeat(() -> cells.look(id)).records().strays().values(), id);
    }

    @Override
    public void remove(StrayRecord stray) throws StoreUnavailableException {
        change(
                stray.record().envelope().id(),
                records -> records.strays().containsKey(stray.refreshToken())
                        ? Change.to(records.without(stray.refreshToken()))
                        : Change.NONE);
    }

    /** What is to become of a login's records. */
    private record Change(Optional<LoginRecords> next, Optional<StoreUnavailableException> refusal) {
        static final Change NONE = new Change(Optional.empty(), Optional.empty());

        static Change to(LoginRecords next) {
            return new Change(Optional.of(next), Optional.empty());
        }

        static Change refused(StoreUnavailableException refusal) {
            return new Change(Optional.empty(), Optional.of(refusal));
        }
    }

    /** Whoever judges recognises his own work, since an answer may be lost and the records be judged again. */
    private void change(CredentialId id, Function<LoginRecords, Change> judge) throws StoreUnavailableException {
        Attempts.repeat(() -> {
            Turmoil turmoil = new Turmoil("what lies beside '" + id + "'");
            while (true) {
                LoginCells.Seen seen = cells.newest(id);
                Change change = judge.apply(seen.records());
                if (change.refusal().isPresent()) {
                    throw new Failure(Failure.Kind.REFUSED, change.refusal().get());
                }
                if (change.next().isEmpty() || seen.replace(change.next().get())) {
                    return true;
                }
                turmoil.pause();
            }
        });
    }
}
