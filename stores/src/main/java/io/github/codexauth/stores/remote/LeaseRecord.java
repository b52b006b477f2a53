package io.github.codexauth.stores.remote;

import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Who has a credential, as its store says it. It belongs to a random word, its owner; or, while no process has it, to
 * whoever knows a claim. All times are the server's. Nobody else's from the beginning.
 *
 * @param owner empty while no process has it
 * @param claim the hash of the claim by which it can be taken up again
 * @param epoch how often it was taken, taken up again, or ended by an operator
 * @param holder who has it, or left it
 * @param renewed when it was renewed, left or given back
 * @param lasts for how long, from then on
 * @param expires when the access token of the login that was there last ends; for choosing one of a pool
 * @param isStored whether there was ever a login, or one was about to be stored
 */
public record LeaseRecord(
        Optional<String> owner,
        Optional<String> claim,
        long epoch,
        Holder holder,
        Instant renewed,
        Duration lasts,
        Optional<Instant> expires,
        boolean isStored) {
    /** Servers behind one address differ by less, and the time of an answer is cut to the second. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

    /** Who has it where its store does not say. */
    public static final Holder NOBODY = new Holder("somebody", Instant.EPOCH);
    /** Of a credential that nobody ever had. */
    public static final LeaseRecord FRESH = new LeaseRecord(
            Optional.empty(), Optional.empty(), 0, NOBODY, Instant.EPOCH, Duration.ZERO, Optional.empty(), false);

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

    LeaseRecord heldBy(String word, Holder by, long nth, Instant now, Duration time) {
        return new LeaseRecord(Optional.of(word), Optional.empty(), nth, by, now, time, expires, isStored);
    }

    LeaseRecord left(String hash, Instant now, Duration time) {
        return new LeaseRecord(Optional.empty(), Optional.of(hash), epoch, holder, now, time, expires, isStored);
    }

    LeaseRecord free(Instant now) {
        return free(epoch, now);
    }

    /** Ended by somebody else than its holder, whose renewal must not find the number that he knows. */
    LeaseRecord ended(Instant now) {
        return free(epoch + 1, now);
    }

    private LeaseRecord free(long number, Instant now) {
        return new LeaseRecord(
                Optional.empty(), Optional.empty(), number, NOBODY, now, Duration.ZERO, expires, isStored);
    }

    /** @param known as it was if empty */
    LeaseRecord expiring(Optional<Instant> known) {
        return new LeaseRecord(
                owner, claim, epoch, holder, renewed, lasts, known.isPresent() ? known : expires, isStored);
    }

    LeaseRecord stored() {
        return new LeaseRecord(owner, claim, epoch, holder, renewed, lasts, expires, true);
    }
}
