package io.github.codexauth.runner.storage.vault;

import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.storage.remote.Failure;
import io.github.codexauth.runner.storage.remote.LeaseTable;
import io.github.codexauth.runner.storage.remote.LeaseTimes;
import io.github.codexauth.runner.storage.remote.OurLease;
import io.github.codexauth.runner.storage.remote.SeenLease;
import io.github.codexauth.runner.storage.vault.Entries.Step;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who has which credential. A lease belongs to a random word, its owner, and what an owner has already it gets again:
 * so each of these may be done twice.
 *
 * @param times how long a lease lasts
 */
record LeaseEntries(Entries entries, LeaseTimes times) implements LeaseTable {
    /** Beside the logins, so that renewals do not push old logins out of the versions that are kept. */
    static final String FOLDER = "leases";

    /** A credential's lease as it was seen. */
    record Seen(CredentialId id, LeaseEntry lease, long number, Instant now) implements SeenLease {
        @Override
        public String version() {
            return Long.toString(number);
        }

        @Override
        public boolean isOwned() {
            return lease.owner().isPresent();
        }

        @Override
        public Instant freeFrom() {
            return lease.freeFrom();
        }

        @Override
        public Optional<Instant> expires() {
            return lease.expires();
        }

        @Override
        public Optional<Occupancy> occupancy() {
            return lease.occupancy(now);
        }
    }

    /** Judges a lease. */
    @FunctionalInterface
    private interface Judge<T> {
        Step<T> judge(LeaseEntry lease, Instant now);
    }

    private <T> T change(CredentialId id, Judge<T> judge) throws StoreUnavailableException {
        return entries.change(name(id), read -> judge.judge(LeaseEntry.of(read.content()), read.at()));
    }

    private static String name(CredentialId id) {
        return FOLDER + "/" + id;
    }

    private static <T> Step<T> write(LeaseEntry next, T answer) {
        return Step.write(next.content(), answer);
    }

    /** An answer that must not rest on an old entry: it is written once more, as it is. */
    private static <T> Step<T> surely(LeaseEntry same, T answer) {
        return write(same, answer);
    }

    @Override
    public Optional<OurLease> acquire(CredentialId id, String owner, Holder holder, Optional<String> ended)
            throws StoreUnavailableException {
        return entries.change(name(id), read -> {
            LeaseEntry lease = LeaseEntry.of(read.content());
            if (lease.isOf(owner)) {
                return Step.leave(Optional.of(new OurLease(id, lease.epoch(), owner, holder)));
            }
            Seen seen = new Seen(id, lease, read.version(), read.at());
            return seen.isFree() || ended.filter(seen.version()::equals).isPresent()
                    ? write(
                            lease.heldBy(owner, holder, lease.epoch() + 1, read.at(), times.term()),
                            Optional.of(new OurLease(id, lease.epoch() + 1, owner, holder)))
                    : Step.leave(Optional.empty());
        });
    }

    /**
     * Also after its time, if nobody took it; and where a back-up brought a time back at which it was not ours yet.
     * Never after it was given back, however late this arrives.
     *
     * @param expires when the access token of the login ends, as far as we know
     * @return whether it is still ours
     */
    boolean renew(OurLease ours, Optional<Instant> expires) throws Failure {
        return entries.changeOnce(name(ours.id()), read -> {
            LeaseEntry lease = LeaseEntry.of(read.content());
            Instant now = read.at();
            boolean held = lease.isOf(ours.owner())
                    || lease.claim().isEmpty() && lease.epoch() < ours.epoch() && lease.isFree(now);
            return held
                    ? write(
                            lease.heldBy(ours.owner(), ours.holder(), ours.epoch(), now, times.term())
                                    .expiring(expires),
                            true)
                    : surely(lease, false);
        });
    }

    /** Whether it is this owner's now, whoever answers. Asks once. */
    boolean isStill(OurLease ours) throws Failure {
        return entries.changeOnce(name(ours.id()), read -> {
            LeaseEntry lease = LeaseEntry.of(read.content());
            return lease.isOf(ours.owner()) ? Step.leave(true) : surely(lease, false);
        });
    }

    /** @return whether it was still ours */
    boolean release(OurLease ours, Optional<Instant> expires) throws StoreUnavailableException {
        return change(
                ours.id(),
                (lease, now) -> lease.isOf(ours.owner())
                        ? write(lease.free(now).expiring(expires), true)
                        : surely(lease, false));
    }

    private static boolean isLeftFor(LeaseEntry lease, String claim) {
        return lease.claim()
                .filter(left -> MessageDigest.isEqual(
                        left.getBytes(StandardCharsets.UTF_8), claim.getBytes(StandardCharsets.UTF_8)))
                .isPresent();
    }

    /** @return whether it was ours, and is the claim's now */
    boolean detach(OurLease ours, String claim, Duration time) throws StoreUnavailableException {
        return change(ours.id(), (lease, now) -> {
            if (isLeftFor(lease, claim)) {
                return Step.leave(true);
            }
            return lease.isOf(ours.owner()) ? write(lease.left(claim, now, time), true) : surely(lease, false);
        });
    }

    /** Empty if it is not this claim's. */
    Optional<OurLease> resume(CredentialId id, String owner, String claim) throws StoreUnavailableException {
        return change(id, (lease, now) -> {
            Optional<OurLease> ours = Optional.of(new OurLease(id, lease.epoch(), owner, lease.holder()));
            if (lease.isOf(owner)) {
                return Step.leave(ours);
            }
            return isLeftFor(lease, claim)
                    ? write(lease.heldBy(owner, lease.holder(), lease.epoch(), now, times.term()), ours)
                    : surely(lease, Optional.empty());
        });
    }

    /**
     * Ends one that was left, by this holder and until this time.
     *
     * @return whether it was there, or ended by us with an answer that was lost
     */
    boolean breakDetached(CredentialId id, Occupancy expected) throws StoreUnavailableException {
        boolean[] sent = {false};
        return change(id, (lease, now) -> {
            boolean seen = expected.until().isPresent()
                    && lease.occupancy(now).filter(expected::equals).isPresent();
            if (!seen) {
                return surely(
                        lease,
                        sent[0] && lease.owner().isEmpty() && lease.claim().isEmpty());
            }
            sent[0] = true;
            return write(lease.free(now), true);
        });
    }

    /** Notes that there is a login, so that nobody takes an old answer for an empty store. */
    void markStored(CredentialId id) throws StoreUnavailableException {
        change(id, (lease, now) -> lease.isStored() ? Step.leave(true) : write(lease.stored(), true));
    }

    /** Whether there may be a login, whoever answers. */
    boolean isStoredOnce(CredentialId id) throws Failure {
        return entries.changeOnce(name(id), read -> {
            LeaseEntry lease = LeaseEntry.of(read.content());
            return lease.isStored() ? Step.leave(true) : surely(lease, false);
        });
    }

    @Override
    public List<SeenLease> look(List<CredentialId> ids) throws StoreUnavailableException {
        List<SeenLease> seen = new ArrayList<>();
        for (CredentialId id : ids) {
            seen.add(look(id));
        }
        return seen;
    }

    Seen look(CredentialId id) throws StoreUnavailableException {
        Entry entry = entries.read(name(id));
        return new Seen(id, LeaseEntry.of(entry.content()), entry.version(), entry.at());
    }
}
