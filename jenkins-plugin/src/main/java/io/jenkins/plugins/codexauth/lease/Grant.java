package io.jenkins.plugins.codexauth.lease;

import io.github.codexauth.store.LeaseClaim;
import io.github.codexauth.store.Occupancy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;

/**
 * A turn that was granted.
 *
 * @param claim the right to take it up again, while it is detached
 * @param until when a detached one ends by itself
 */
record Grant(Turn turn, Optional<LeaseClaim> claim, Optional<Instant> until) {
    boolean isDetached() {
        return claim.isPresent();
    }

    boolean isOver(Instant now) {
        return until.isPresent() && !until.get().isAfter(now);
    }

    boolean isClaimedBy(LeaseClaim other) {
        return claim.isPresent()
                && MessageDigest.isEqual(
                        claim.get().value().getBytes(StandardCharsets.US_ASCII),
                        other.value().getBytes(StandardCharsets.US_ASCII));
    }

    Occupancy occupancy() {
        return new Occupancy(turn.holder(), until);
    }
}
