package io.github.codexauth.runner.storage.kubernetes;

import io.github.codexauth.CredentialId;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.runner.storage.remote.LeaseTimes;
import io.github.codexauth.runner.storage.remote.OurLease;
import io.github.codexauth.runner.storage.remote.Renewals;
import io.github.codexauth.runner.storage.remote.RenewedLease;
import io.github.codexauth.runner.storage.remote.Term;
import io.github.codexauth.runner.storage.remote.Turns;
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
import io.github.codexauth.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A store in the Secrets and Leases of a namespace, for as many machines as reach the cluster.
 *
 * <p>A login is a Secret, and is put back only where nobody came between; whoever has it renews a Lease, which ends
 * by the server's clock, or if nobody saw it renewed. No two machines' clocks are ever compared.
 */
public final class KubernetesStore implements DetachableStore, QueueingStore {
    private final ApiServer server;
    private final LeaseObjects leases;
    private final Line line;
    private final Clock clock;
    private final Renewals renewals = new Renewals();

    /** @param clock tells how long this machine slept; it ends no lease */
    KubernetesStore(ApiServer server, LeaseTimes times, Clock clock) {
        this.server = server;
        this.leases = new LeaseObjects(server, times);
        this.line = new Line(leases.objects(), leases.names());
        this.clock = clock;
    }

    @Override
    public String address() {
        return server.address().toString();
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
        return lease(new Turns(leases, line, clock).await(ids, holder, wait, onBusy));
    }

    private DetachableLease lease(Turns.Turn turn) {
        return new ObjectLease(new LoginSecrets(server, turn.ours().id()), leases, line, turn, renewals);
    }

    @Override
    public DetachableLease resume(CredentialId id, LeaseClaim claim) throws StoreException, LeaseGoneException {
        Term term = new Term(leases.times(), clock);
        OurLease ours = leases.resume(id, PrivateFiles.randomHex(16), RenewedLease.hash(claim))
                .orElseThrow(() -> RenewedLease.gone(id));
        return lease(new Turns.Turn(ours, term));
    }

    @Override
    public boolean breakLease(CredentialId id, Occupancy expected) throws StoreException {
        boolean ended = leases.breakDetached(id, expected);
        if (ended) {
            line.ring(id);
        }
        return ended;
    }

    @Override
    public List<CredentialId> list() throws StoreException {
        return leases.stored().stream()
                .sorted(Comparator.comparing(CredentialId::value))
                .toList();
    }

    @Override
    public Optional<Envelope> peek(CredentialId id) throws StoreException {
        return new LoginSecrets(server, id).read().current().map(CredentialRecord::envelope);
    }

    @Override
    public Optional<Occupancy> occupancy(CredentialId id) throws StoreException {
        return leases.look(id).occupancy();
    }

    @Override
    public OptionalInt waiters(CredentialId id) throws StoreException {
        return OptionalInt.of(line.tickets().before("", List.of(id)).size());
    }
}
