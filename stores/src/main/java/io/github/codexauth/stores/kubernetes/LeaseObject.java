package io.github.codexauth.stores.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.store.Holder;
import io.github.codexauth.stores.remote.LeaseRecord;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** How a lease is written into a Lease. */
final class LeaseObject {
    private static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final String HOLDER = "holder";
    private static final String SINCE = "since";
    private static final String CLAIM = "claim";
    private static final String EXPIRES = "expires";

    /** A label, so that the server can leave out those that never had a login. */
    static final String LOGIN = "login";

    static final String STORED = "stored";

    private LeaseObject() {}

    static LeaseRecord read(JsonNode object) {
        return new LeaseRecord(
                Optional.ofNullable(object.at("/spec/holderIdentity").textValue())
                        .filter(owner -> !owner.isEmpty()),
                Metadata.annotation(object, CLAIM),
                object.at("/spec/leaseTransitions").asLong(),
                new Holder(
                        Metadata.annotation(object, HOLDER).orElse(LeaseRecord.NOBODY.description()),
                        time(Metadata.annotation(object, SINCE)).orElse(LeaseRecord.NOBODY.since())),
                time(Optional.ofNullable(object.at("/spec/renewTime").textValue()))
                        .orElse(Instant.EPOCH),
                Duration.ofSeconds(object.at("/spec/leaseDurationSeconds").asLong()),
                time(Metadata.annotation(object, EXPIRES)),
                Metadata.label(object, LOGIN).filter(STORED::equals).isPresent());
    }

    private static Optional<Instant> time(Optional<String> text) {
        try {
            return text.map(Instant::parse);
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    static void write(ObjectNode object, LeaseRecord lease) {
        boolean isTaken = lease.owner().isPresent() || lease.claim().isPresent();
        ObjectNode spec = object.withObject("/spec");
        spec.remove("holderIdentity");
        spec.remove("leaseDurationSeconds");
        lease.owner().ifPresent(owner -> spec.put("holderIdentity", owner));
        spec.put("leaseTransitions", lease.epoch());
        spec.put("renewTime", MICRO_TIME.format(lease.renewed()));
        if (isTaken) {
            spec.put("leaseDurationSeconds", lease.lasts().toSeconds());
        }
        Optional<Holder> holder = isTaken ? Optional.of(lease.holder()) : Optional.empty();
        Metadata.annotate(object, HOLDER, holder.map(Holder::description));
        Metadata.annotate(object, SINCE, holder.map(one -> one.since().toString()));
        Metadata.annotate(object, CLAIM, lease.claim());
        Metadata.annotate(object, EXPIRES, lease.expires().map(Instant::toString));
        if (lease.isStored()) {
            Metadata.label(object, LOGIN, STORED);
        }
    }
}
