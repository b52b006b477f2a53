package io.github.codexauth.runner.storage.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.storage.kubernetes.LeaseObject.Draft;
import io.github.codexauth.runner.storage.kubernetes.Objects.Step;
import io.github.codexauth.runner.storage.remote.Attempts;
import io.github.codexauth.runner.storage.remote.Failure;
import io.github.codexauth.runner.storage.remote.LeaseTable;
import io.github.codexauth.runner.storage.remote.LeaseTimes;
import io.github.codexauth.runner.storage.remote.OurLease;
import io.github.codexauth.runner.storage.remote.SeenLease;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Who has which credential, as Leases. A lease belongs to a random word, its owner, and what an owner has already it
 * gets again: so each of these may be done twice.
 *
 * @param times how long a lease lasts
 */
record LeaseObjects(Objects objects, Names names, LeaseTimes times) implements LeaseTable {
    private static final String STORE = "store";
    private static final String ID = "id";

    LeaseObjects(ApiServer server, LeaseTimes times) {
        this(new Objects(server), new Names(server.address().prefix()), times);
    }

    /** A credential's lease as it was seen. */
    record Seen(CredentialId id, LeaseObject lease, Instant now) implements SeenLease {
        @Override
        public String version() {
            return lease.version();
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

    private ApiServer server() {
        return objects.server();
    }

    private Draft draft(Optional<ObjectNode> stored, CredentialId id) {
        ObjectNode object = stored.orElseGet(() -> server().object(Resource.LEASES, names.of(id)));
        Metadata.label(object, STORE, names.prefix());
        Metadata.label(object, ID, id.value());
        return new Draft(object);
    }

    private <T> T change(CredentialId id, Objects.Judge<T> judge) throws StoreUnavailableException {
        return objects.change(Resource.LEASES, names.of(id), judge);
    }

    @Override
    public Optional<OurLease> acquire(CredentialId id, String owner, Holder holder, Optional<String> ended)
            throws StoreUnavailableException {
        return change(id, (stored, now) -> {
            Optional<LeaseObject> lease = stored.map(LeaseObject::new);
            int epoch = lease.map(LeaseObject::epoch).orElse(0);
            if (lease.flatMap(LeaseObject::owner).filter(owner::equals).isPresent()) {
                return Step.leave(Optional.of(new OurLease(id, epoch, owner, holder)));
            }
            boolean isFree = lease.isEmpty()
                    || lease.get().isFree(now)
                    || ended.filter(lease.get().version()::equals).isPresent();
            if (!isFree) {
                return Step.leave(Optional.empty());
            }
            Draft taken = draft(stored, id).heldBy(owner, holder, epoch + 1).renewed(now, times.term());
            return Step.write(taken.object(), Optional.of(new OurLease(id, epoch + 1, owner, holder)));
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
        return objects.changeOnce(Resource.LEASES, names.of(ours.id()), (stored, now) -> {
            Optional<LeaseObject> lease = stored.map(LeaseObject::new);
            boolean held = lease.isEmpty()
                    || lease.flatMap(LeaseObject::owner)
                            .filter(ours.owner()::equals)
                            .isPresent()
                    || lease.get().claim().isEmpty()
                            && lease.get().epoch() < ours.epoch()
                            && lease.get().isFree(now);
            return held
                    ? Step.write(
                            draft(stored, ours.id())
                                    .heldBy(ours.owner(), ours.holder(), ours.epoch())
                                    .renewed(now, times.term())
                                    .expiring(expires)
                                    .object(),
                            true)
                    : Step.leave(false);
        });
    }

    /** @return whether it was still ours */
    boolean release(OurLease ours, Optional<Instant> expires) throws StoreUnavailableException {
        return change(
                ours.id(),
                (stored, now) -> isOf(stored, ours.owner())
                        ? Step.write(
                                draft(stored, ours.id())
                                        .free(now)
                                        .expiring(expires)
                                        .object(),
                                true)
                        : Step.leave(false));
    }

    private static boolean isOf(Optional<ObjectNode> stored, String owner) {
        return stored.map(LeaseObject::new)
                .flatMap(LeaseObject::owner)
                .filter(owner::equals)
                .isPresent();
    }

    private static boolean isLeftFor(Optional<ObjectNode> stored, String claim) {
        return stored.map(LeaseObject::new)
                .flatMap(LeaseObject::claim)
                .filter(left -> MessageDigest.isEqual(
                        left.getBytes(StandardCharsets.UTF_8), claim.getBytes(StandardCharsets.UTF_8)))
                .isPresent();
    }

    /** @return whether it was ours, and is the claim's now */
    boolean detach(OurLease ours, String claim, Duration time) throws StoreUnavailableException {
        return change(ours.id(), (stored, now) -> {
            if (isLeftFor(stored, claim)) {
                return Step.leave(true);
            }
            return isOf(stored, ours.owner())
                    ? Step.write(
                            draft(stored, ours.id())
                                    .left(claim)
                                    .renewed(now, time)
                                    .object(),
                            true)
                    : Step.leave(false);
        });
    }

    /** Empty if it is not this claim's. */
    Optional<OurLease> resume(CredentialId id, String owner, String claim) throws StoreUnavailableException {
        return change(id, (stored, now) -> {
            boolean already = isOf(stored, owner);
            if (!already && !isLeftFor(stored, claim)) {
                return Step.leave(Optional.empty());
            }
            LeaseObject left = new LeaseObject(stored.orElseThrow());
            OurLease ours = new OurLease(id, left.epoch(), owner, left.holder());
            return already
                    ? Step.leave(Optional.of(ours))
                    : Step.write(
                            draft(stored, id)
                                    .heldBy(owner, ours.holder(), ours.epoch())
                                    .renewed(now, times.term())
                                    .object(),
                            Optional.of(ours));
        });
    }

    /**
     * Ends one that was left, by this holder and until this time.
     *
     * @return whether it was there, or ended by us with an answer that was lost
     */
    boolean breakDetached(CredentialId id, Occupancy expected) throws StoreUnavailableException {
        boolean[] sent = {false};
        return change(id, (stored, now) -> {
            Optional<LeaseObject> lease = stored.map(LeaseObject::new);
            boolean seen = expected.until().isPresent()
                    && lease.flatMap(one -> one.occupancy(now))
                            .filter(expected::equals)
                            .isPresent();
            if (!seen) {
                return Step.leave(sent[0]
                        && lease.filter(one ->
                                        one.owner().isEmpty() && one.claim().isEmpty())
                                .isPresent());
            }
            sent[0] = true;
            return Step.write(draft(stored, id).free(now).object(), true);
        });
    }

    /** Notes that there is a login, so that {@link #stored} finds it. */
    void markStored(CredentialId id) throws StoreUnavailableException {
        change(
                id,
                (stored, now) -> stored.filter(lease -> new LeaseObject(lease).isStored())
                                .isPresent()
                        ? Step.leave(true)
                        : Step.write(draft(stored, id).stored().object(), true));
    }

    /** Whether it is this owner's now. Asks once. */
    boolean isStill(OurLease ours) throws Failure {
        Answer answer = server().get(Resource.LEASES, names.of(ours.id()));
        return isOf(Optional.of(answer.body()), ours.owner());
    }

    /** Makes the empty object of a credential that nobody ever had. */
    void make(CredentialId id) throws StoreUnavailableException {
        change(id, (stored, now) -> {
            Optional<ObjectNode> labelled =
                    stored.filter(lease -> Metadata.label(lease, ID).isPresent());
            return labelled.isPresent()
                    ? Step.leave(true)
                    : Step.write(draft(stored, id).object(), true);
        });
    }

    /** Those of this store, with a login or without one, in no order. */
    List<CredentialId> all() throws StoreUnavailableException {
        return list(ID).seen().stream().map(Seen::id).toList();
    }

    /** Those with a login, in no order. */
    List<CredentialId> stored() throws StoreUnavailableException {
        return list(LeaseObject.LOGIN + "=" + LeaseObject.STORED).seen().stream()
                .map(Seen::id)
                .toList();
    }

    @Override
    public List<Seen> look(List<CredentialId> ids) throws StoreUnavailableException {
        if (ids.size() == 1) {
            return List.of(look(ids.get(0)));
        }
        String anyOf = ids.stream().map(CredentialId::value).collect(Collectors.joining(",", "(", ")"));
        Found found = list(ID + " in " + anyOf);
        Map<CredentialId, Seen> byId =
                found.seen().stream().collect(Collectors.toMap(Seen::id, Function.identity(), (one, same) -> one));
        return ids.stream()
                .map(id -> byId.getOrDefault(id, new Seen(id, nobodys(id), found.at())))
                .toList();
    }

    private LeaseObject nobodys(CredentialId id) {
        return new LeaseObject(server().object(Resource.LEASES, names.of(id)));
    }

    Seen look(CredentialId id) throws StoreUnavailableException {
        Answer answer = Attempts.repeat(() -> server().get(Resource.LEASES, names.of(id)));
        return new Seen(
                id,
                answer.outcome() == Answer.Outcome.ABSENT ? nobodys(id) : new LeaseObject(answer.body()),
                answer.at());
    }

    /** What a list showed, and when. */
    private record Found(List<Seen> seen, Instant at) {}

    private Found list(String label) throws StoreUnavailableException {
        String labels = Metadata.DOMAIN + STORE + "=" + names.prefix() + "," + Metadata.DOMAIN + label;
        List<Seen> found = new ArrayList<>();
        Optional<String> next = Optional.empty();
        Instant at;
        do {
            Optional<String> page = next;
            ApiServer.Page answer = Attempts.repeat(() -> server().list(Resource.LEASES, labels, page));
            for (JsonNode item : answer.items()) {
                Metadata.label(item, ID)
                        .filter(CredentialId::isValid)
                        .ifPresent(id -> found.add(new Seen(new CredentialId(id), new LeaseObject(item), answer.at())));
            }
            at = answer.at();
            next = answer.next();
        } while (next.isPresent());
        return new Found(found, at);
    }
}
