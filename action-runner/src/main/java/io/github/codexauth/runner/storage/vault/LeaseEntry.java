package io.github.codexauth.runner.storage.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.runner.storage.remote.ServerJson;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Who has a credential, as its entry says it. It belongs to a random word, its owner; or, while no process has it, to
 * whoever knows a claim. All times are the server's. Nobody else's from the beginning.
 *
 * @param owner empty while no process has it
 * @param claim the hash of the claim by which it can be taken up again
 * @param epoch how many have had it
 * @param renewed when it was renewed, left or given back
 * @param lasts for how long, from then on
 * @param expires when the access token of the login that was there last ends; for choosing one of a pool
 * @param isStored whether there was ever a login, or one was about to be stored
 */
record LeaseEntry(
        Optional<String> owner,
        Optional<String> claim,
        int epoch,
        Holder holder,
        Instant renewed,
        Duration lasts,
        Optional<Instant> expires,
        boolean isStored) {
    /** Servers behind one address differ by less, and the time of an answer is cut to the second. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

    private static final Holder NOBODY = new Holder("somebody", Instant.EPOCH);
    private static final LeaseEntry FRESH = new LeaseEntry(
            Optional.empty(), Optional.empty(), 0, NOBODY, Instant.EPOCH, Duration.ZERO, Optional.empty(), false);

    /** @param content nobody's lease if there is none */
    static LeaseEntry of(Optional<ObjectNode> content) {
        return content.map(LeaseEntry::read).orElse(FRESH);
    }

    private static LeaseEntry read(ObjectNode content) {
        return new LeaseEntry(
                text(content, "owner"),
                text(content, "claim"),
                content.path("epoch").asInt(),
                new Holder(
                        text(content, "holder").orElse(NOBODY.description()),
                        time(content, "since").orElse(NOBODY.since())),
                time(content, "renewed").orElse(Instant.EPOCH),
                Duration.ofSeconds(content.path("seconds").asLong()),
                time(content, "expires"),
                content.path("stored").asBoolean());
    }

    private static Optional<String> text(ObjectNode content, String field) {
        return Optional.ofNullable(content.path(field).textValue());
    }

    private static Optional<Instant> time(ObjectNode content, String field) {
        try {
            return text(content, field).map(Instant::parse);
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    ObjectNode content() {
        ObjectNode content = ServerJson.object();
        owner.ifPresent(word -> content.put("owner", word));
        claim.ifPresent(hash -> content.put("claim", hash));
        if (owner.isPresent() || claim.isPresent()) {
            content.put("holder", holder.description())
                    .put("since", holder.since().toString());
        }
        content.put("epoch", epoch).put("renewed", renewed.toString()).put("seconds", lasts.toSeconds());
        expires.ifPresent(instant -> content.put("expires", instant.toString()));
        return content.put("stored", isStored);
    }

    boolean isOf(String word) {
        return owner.filter(word::equals).isPresent();
    }

    private Instant end() {
        return renewed.plus(lasts);
    }

    /** From when on it was free, if nothing happens; in the future as long as somebody has it. */
    Instant freeFrom() {
        if (claim.isPresent()) {
            return end();
        }
        return owner.isPresent() ? end().plus(CLOCKS_DIFFER) : renewed;
    }

    boolean isFree(Instant now) {
        return !freeFrom().isAfter(now);
    }

    /** Empty if nobody has it. */
    Optional<Occupancy> occupancy(Instant now) {
        return isFree(now)
                ? Optional.empty()
                : Optional.of(new Occupancy(holder, claim.isPresent() ? Optional.of(end()) : Optional.empty()));
    }

    LeaseEntry heldBy(String word, Holder by, int nth, Instant now, Duration time) {
        return new LeaseEntry(Optional.of(word), Optional.empty(), nth, by, now, time, expires, isStored);
    }

    LeaseEntry left(String hash, Instant now, Duration time) {
        return new LeaseEntry(Optional.empty(), Optional.of(hash), epoch, holder, now, time, expires, isStored);
    }

    LeaseEntry free(Instant now) {
        return new LeaseEntry(Optional.empty(), Optional.empty(), epoch, NOBODY, now, Duration.ZERO, expires, isStored);
    }

    /** @param known as it was if empty */
    LeaseEntry expiring(Optional<Instant> known) {
        return new LeaseEntry(
                owner, claim, epoch, holder, renewed, lasts, known.isPresent() ? known : expires, isStored);
    }

    LeaseEntry stored() {
        return new LeaseEntry(owner, claim, epoch, holder, renewed, lasts, expires, true);
    }
}
