package io.github.codexauth.store;

import java.time.Instant;
import java.util.Optional;

/**
 * What was found out about a stored login by using it. Holds no secret.
 *
 * @param needsLogin why no job may start from it; empty if it is alive, as far as anybody knows
 * @param usageLimitUntil until when its account has reached its usage limit, so that others serve a job better; empty
 *     if that is not known
 */
public record Health(Optional<NeedsLogin> needsLogin, Optional<Instant> usageLimitUntil) {
    /** Nothing bad is known. */
    public static final Health ALIVE = new Health(Optional.empty(), Optional.empty());

    /** Of a login that no job may start from. */
    public static Health needing(NeedsLogin login) {
        return new Health(Optional.of(login), Optional.empty());
    }

    /** The same login, whose account has reached its usage limit. */
    public Health limitedUntil(Instant end) {
        return new Health(needsLogin, Optional.of(end));
    }

    /** What still holds of the login after Codex has refreshed it. */
    public Health afterRefresh() {
        return new Health(Optional.empty(), usageLimitUntil);
    }
}
