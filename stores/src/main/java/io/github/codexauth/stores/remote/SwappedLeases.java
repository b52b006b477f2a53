package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.HeldLease;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.LeaseCells.Step;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Leases that are swapped. Which is whose is judged here, by the time of the server that answered.
 *
 * @param times how long a lease lasts
 */
public record SwappedLeases(LeaseCells cells, LeaseTimes times) implements Leases {
    private <T> T change(CredentialId id, LeaseCells.Judge<T> judge) throws StoreUnavailableException {
        return Attempts.repeat(() -> cells.changeOnce(id, judge));
    }

    /** The leases of some credentials, in their order, as whoever answers knows them. */
    List<SeenLease> look(List<CredentialId> ids) throws StoreUnavailableException {
        return cells.look(ids);
    }

    @Override
    public Optional<HeldLease> look(CredentialId id) throws StoreUnavailableException {
        SeenLease seen = look(List.of(id)).get(0);
        return seen.occupancy().map(occupancy -> new HeldLease(seen.lease().epoch(), occupancy));
    }

    /**
     * Takes a credential.
     *
     * @param ended the version of a lease that ended though it does not say so: its holder renews it no more
     * @return empty if somebody else has it
     */
    public Optional<OurLease> acquire(CredentialId id, String owner, Holder holder, Optional<String> ended)
            throws StoreUnavailableException {
        return change(id, seen -> {
            LeaseRecord lease = seen.lease();
            if (lease.isOf(owner)) {
                return Step.leave(Optional.of(new OurLease(id, lease.epoch(), owner, holder)));
            }
            OurLease ours = new OurLease(id, lease.epoch() + 1, owner, holder);
            return seen.isFree() || ended.filter(seen.version()::equals).isPresent()
                    ? Step.write(held(lease, ours, seen.now()), Optional.of(ours))
                    : Step.leave(Optional.empty());
        });
    }

    private LeaseRecord held(LeaseRecord lease, OurLease ours, Instant now) {
        return lease.heldBy(ours.owner(), ours.holder(), ours.epoch(), now, times.term());
    }

    @Override
    public boolean renew(OurLease ours, Optional<Instant> expires) throws Failure {
        return cells.changeOnce(ours.id(), seen -> {
            LeaseRecord lease = seen.lease();
            boolean isHeld = lease.isOf(ours.owner())
                    || lease.claim().isEmpty() && lease.epoch() < ours.epoch() && seen.isFree();
            return isHeld ? Step.write(held(lease, ours, seen.now()).expiring(expires), true) : Step.surely(false);
        });
    }

    /** Whether it is this owner's now. Asks once. */
    boolean isStill(OurLease ours) throws Failure {
        return cells.changeOnce(
                ours.id(), seen -> seen.lease().isOf(ours.owner()) ? Step.leave(true) : Step.surely(false));
    }

    @Override
    public boolean release(OurLease ours, Optional<Instant> expires) throws StoreUnavailableException {
        return change(
                ours.id(),
                seen -> seen.lease().isOf(ours.owner())
                        ? Step.write(seen.lease().free(seen.now()).expiring(expires), true)
                        : Step.surely(false));
    }

    private static boolean isLeftFor(LeaseRecord lease, String claim) {
        return lease.claim()
                .filter(left -> MessageDigest.isEqual(
                        left.getBytes(StandardCharsets.UTF_8), claim.getBytes(StandardCharsets.UTF_8)))
                .isPresent();
    }

    @Override
    public boolean detach(OurLease ours, String claim, Duration time) throws StoreUnavailableException {
        return change(ours.id(), seen -> {
            if (isLeftFor(seen.lease(), claim)) {
                return Step.leave(true);
            }
            return seen.lease().isOf(ours.owner())
                    ? Step.write(seen.lease().left(claim, seen.now(), time), true)
                    : Step.surely(false);
        });
    }

    @Override
    public Optional<OurLease> resume(CredentialId id, String owner, String claim) throws StoreUnavailableException {
        return change(id, seen -> {
            LeaseRecord lease = seen.lease();
            if (lease.isOf(owner)) {
                return Step.leave(Optional.of(new OurLease(id, lease.epoch(), owner, lease.holder())));
            }
            OurLease ours = new OurLease(id, lease.epoch() + 1, owner, lease.holder());
            return isLeftFor(lease, claim)
                    ? Step.write(held(lease, ours, seen.now()), Optional.of(ours))
                    : Step.surely(Optional.empty());
        });
    }

    @Override
    public boolean end(CredentialId id, long epoch) throws StoreUnavailableException {
        AtomicBoolean sent = new AtomicBoolean();
        return change(id, seen -> {
            LeaseRecord lease = seen.lease();
            if (lease.epoch() == epoch && !seen.isFree()) {
                sent.set(true);
                return Step.write(lease.ended(seen.now()), true);
            }
            return sent.get() && lease.epoch() == epoch + 1 && seen.isFree() ? Step.leave(true) : Step.surely(false);
        });
    }

    /** Notes that there is a login, or is about to be one, so that nobody takes an old answer for an empty store. */
    void markStored(CredentialId id) throws StoreUnavailableException {
        change(
                id,
                seen -> seen.lease().isStored()
                        ? Step.leave(true)
                        : Step.write(seen.lease().stored(), true));
    }

    /** Whether there may be a login, whoever answers. Asks once. */
    public boolean isStored(CredentialId id) throws Failure {
        return cells.changeOnce(id, seen -> seen.lease().isStored() ? Step.leave(true) : Step.surely(false));
    }
}
