package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What did not change while we watched, by our own monotonic clock: a lease that its holder does not renew has ended,
 * whatever the server's clock says, which somebody may have put back.
 */
final class Unchanged {
    /** Until an object is renewed that has just been. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final Duration term;
    private final Map<CredentialId, Version> versions = new HashMap<>();

    /** @param term after which a lease ends that is not renewed */
    Unchanged(Duration term) {
        this.term = term.plus(MARGIN);
    }

    /** @param since when it was seen first */
    private record Version(String version, long since) {}

    void see(List<SeenLease> all) {
        for (SeenLease seen : all) {
            String version = seen.version();
            versions.compute(
                    seen.id(),
                    (id, known) -> known != null && known.version().equals(version)
                            ? known
                            : new Version(version, System.nanoTime()));
        }
    }

    /** Of those that a living process has; one that was left is not renewed. */
    boolean hasEnded(SeenLease seen) {
        Version known = versions.get(seen.id());
        return seen.lease().owner().isPresent() && known != null && System.nanoTime() - known.since() > term.toNanos();
    }

    /** The version that has ended. */
    Optional<String> ended(SeenLease seen) {
        return hasEnded(seen) ? Optional.of(seen.version()) : Optional.empty();
    }
}
