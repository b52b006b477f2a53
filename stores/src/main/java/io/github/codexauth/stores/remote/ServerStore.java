package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.AsideStore;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.DetachableLease;
import io.github.codexauth.store.DetachableStore;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.HeldLease;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.LeaseClaim;
import io.github.codexauth.store.LeaseGoneException;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.QueueingStore;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StrayRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A store on a server, for as many machines as reach it.
 *
 * <p>A login is put back only where nobody came between. Whoever has it renews a lease, which ends by the server's
 * clock: no two machines' clocks are ever compared. Whoever waits stands in a line.
 */
public abstract class ServerStore implements DetachableStore, QueueingStore, AsideStore {
    private final Parts parts;
    private final Turns turns;
    private final Clock clock;
    private final Renewals renewals = new Renewals();

    /**
     * What a kind of server has of its own.
     *
     * @param address without any password
     * @param protection whether logins may lie there unencrypted
     */
    public record Parts(
            String address, Leases leases, Logins logins, Strays strays, Line line, PlaintextRule protection) {}

    /** @param clock tells how long this machine slept; it ends no lease */
    protected ServerStore(Parts parts, Clock clock) {
        this.parts = parts;
        this.turns = new Turns(parts.line(), parts.leases().times(), clock);
        this.clock = clock;
    }

    /** The thread that tells the server now and then that we live. */
    protected final Renewals renewals() {
        return renewals;
    }

    @Override
    public final String address() {
        return parts.address();
    }

    @Override
    public final DetachableLease acquire(CredentialId id, Holder holder, Duration wait, Consumer<Occupancy> onBusy)
            throws StoreException, CredentialBusyException, InterruptedException {
        return acquireAny(List.of(id), holder, wait, (busy, occupancy) -> onBusy.accept(occupancy));
    }

    @Override
    public final DetachableLease acquireAny(
            List<CredentialId> ids, Holder holder, Duration wait, BiConsumer<CredentialId, Occupancy> onBusy)
            throws StoreException, CredentialBusyException, InterruptedException {
        return new ServerLease(parts, turns.await(ids, holder, wait, onBusy), renewals);
    }

    @Override
    public final DetachableLease resume(CredentialId id, LeaseClaim claim) throws StoreException, LeaseGoneException {
        Term term = new Term(parts.leases().times(), clock);
        OurLease ours = parts.leases()
                .resume(id, PrivateFiles.randomHex(16), ServerLease.hash(claim))
                .orElseThrow(() -> new LeaseGoneException(
                        "the lease of credential '" + id + "' that restore took is gone",
                        "see who has the credential now: codex-auth status"));
        return new ServerLease(parts, new Turn(ours, term), renewals);
    }

    @Override
    public final Optional<HeldLease> lease(CredentialId id) throws StoreException {
        return parts.leases().look(id);
    }

    @Override
    public final boolean breakLease(CredentialId id, long epoch) throws StoreException {
        boolean ended = parts.leases().end(id, epoch);
        if (ended) {
            parts.line().ring(id);
        }
        return ended;
    }

    @Override
    public final List<CredentialId> list() throws StoreException {
        return parts.logins().list();
    }

    @Override
    public final Optional<Envelope> peek(CredentialId id) throws StoreException {
        return parts.logins().look(id).map(CredentialRecord::envelope);
    }

    @Override
    public final OptionalInt waiters(CredentialId id) throws StoreException {
        return OptionalInt.of(parts.line().waiters(id));
    }

    @Override
    public final void putAside(StrayRecord stray) throws StoreException {
        parts.protection().require(stray.record().encryption());
        parts.strays().put(stray, Strays.bytes(stray));
    }

    @Override
    public final List<StrayRecord> aside(CredentialId id) throws StoreException {
        return parts.strays().all(id);
    }

    @Override
    public final void removeAside(StrayRecord stray) throws StoreException {
        parts.strays().remove(stray);
    }
}
