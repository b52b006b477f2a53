package io.github.codexauth.runner.storage.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * Who has a credential, as a Lease says it. It belongs to a random word, its owner; or, while no process has it, to
 * whoever knows a claim. All times are the server's.
 *
 * @param object as the server keeps it
 */
record LeaseObject(JsonNode object) {
    /** Servers behind one address differ by less, and the time of an answer is cut to the second. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

    private static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final String HOLDER = "holder";
    private static final String SINCE = "since";
    private static final String CLAIM = "claim";
    private static final String EXPIRES = "expires";

    /** A label, so that the server can leave out those that never had a login. */
    static final String LOGIN = "login";

    static final String STORED = "stored";

    Optional<String> owner() {
        return Optional.ofNullable(object.at("/spec/holderIdentity").textValue())
                .filter(owner -> !owner.isEmpty());
    }

    /** The hash of the claim by which it can be taken up again. */
    Optional<String> claim() {
        return Metadata.annotation(object, CLAIM);
    }

    /** How many have had it. */
    int epoch() {
        return object.at("/spec/leaseTransitions").asInt();
    }

    /** When the access token of the login that was there last ends; for choosing one of a pool. */
    Optional<Instant> expires() {
        return Metadata.annotation(object, EXPIRES).flatMap(LeaseObject::instant);
    }

    boolean isStored() {
        return Metadata.label(object, LOGIN).filter(STORED::equals).isPresent();
    }

    String version() {
        return Metadata.version(object);
    }

    private Instant renewed() {
        return instant(object.at("/spec/renewTime").asText()).orElse(Instant.EPOCH);
    }

    private Instant end() {
        return renewed().plusSeconds(object.at("/spec/leaseDurationSeconds").asLong());
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    /** From when on it was free, if nothing happens; in the future as long as somebody has it. */
    Instant freeFrom() {
        if (claim().isPresent()) {
            return end();
        }
        return owner().isPresent() ? end().plus(CLOCKS_DIFFER) : renewed();
    }

    boolean isFree(Instant now) {
        return !freeFrom().isAfter(now);
    }

    Holder holder() {
        return new Holder(
                Metadata.annotation(object, HOLDER).orElse("somebody"),
                Metadata.annotation(object, SINCE).flatMap(LeaseObject::instant).orElse(Instant.EPOCH));
    }

    /** Empty if nobody has it. */
    Optional<Occupancy> occupancy(Instant now) {
        return isFree(now)
                ? Optional.empty()
                : Optional.of(new Occupancy(holder(), claim().isPresent() ? Optional.of(end()) : Optional.empty()));
    }

    /** What a Lease is changed into. */
    record Draft(ObjectNode object) {
        Draft heldBy(String owner, Holder holder, int epoch) {
            spec().put("holderIdentity", owner).put("leaseTransitions", epoch);
            Metadata.annotate(object, HOLDER, Optional.of(holder.description()));
            Metadata.annotate(object, SINCE, Optional.of(holder.since().toString()));
            Metadata.annotate(object, CLAIM, Optional.empty());
            return this;
        }

        Draft renewed(Instant now, Duration time) {
            spec().put("renewTime", MICRO_TIME.format(now)).put("leaseDurationSeconds", time.toSeconds());
            return this;
        }

        Draft free(Instant now) {
            ObjectNode spec = spec();
            spec.remove("holderIdentity");
            spec.remove("leaseDurationSeconds");
            spec.put("renewTime", MICRO_TIME.format(now));
            Metadata.annotate(object, HOLDER, Optional.empty());
            Metadata.annotate(object, SINCE, Optional.empty());
            Metadata.annotate(object, CLAIM, Optional.empty());
            return this;
        }

        Draft left(String claim) {
            spec().remove("holderIdentity");
            Metadata.annotate(object, CLAIM, Optional.of(claim));
            return this;
        }

        Draft expiring(Optional<Instant> expires) {
            expires.ifPresent(instant -> Metadata.annotate(object, EXPIRES, Optional.of(instant.toString())));
            return this;
        }

        Draft stored() {
            Metadata.label(object, LOGIN, STORED);
            return this;
        }

        private ObjectNode spec() {
            return object.withObject("/spec");
        }
    }
}
