package io.github.codexauth.store;

import io.github.codexauth.CredentialId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a stored login without opening it: no secret, shown by {@code status}.
 *
 * @param id the credential
 * @param generation 1 for the first login stored, more with every save; part of what compare-and-swap compares, see
 *     {@link Revision}
 * @param savedAt when this generation was written, by the writer's clock
 * @param savedBy the job that wrote it
 * @param session a random word for the session that wrote it, by which a later one knows its predecessor's work
 * @param account fingerprint of the account and user, see {@code Account.fingerprint()}
 * @param plan the ChatGPT plan, if the login says
 * @param lastRefresh when Codex last refreshed the login
 * @param expiresAt when the access token ends, if it says
 * @param seeds fingerprints of the refresh tokens this credential was ever seeded with, newest last: a seed that was
 *     used once is never used again
 * @param descent which refresh token it has, and which one it followed; empty in records of format 1, and for what is
 *     no login that we understand
 * @param health what was found out about this generation by using it
 */
public record Envelope(
        CredentialId id,
        long generation,
        Instant savedAt,
        String savedBy,
        String session,
        String account,
        Optional<String> plan,
        Instant lastRefresh,
        Optional<Instant> expiresAt,
        List<String> seeds,
        Optional<Descent> descent,
        Health health) {
    public Envelope {
        seeds = List.copyOf(seeds);
    }

    /** Of a login that is alive, as far as anybody knows, and of which nothing is known but what is in its own file. */
    public Envelope(
            CredentialId id,
            long generation,
            Instant savedAt,
            String savedBy,
            String session,
            String account,
            Optional<String> plan,
            Instant lastRefresh,
            Optional<Instant> expiresAt,
            List<String> seeds) {
        this(
                id,
                generation,
                savedAt,
                savedBy,
                session,
                account,
                plan,
                lastRefresh,
                expiresAt,
                seeds,
                Optional.empty(),
                Health.ALIVE);
    }

    /** The same login, with what is known of where it comes from. */
    public Envelope with(Descent known) {
        return new Envelope(
                id,
                generation,
                savedAt,
                savedBy,
                session,
                account,
                plan,
                lastRefresh,
                expiresAt,
                seeds,
                Optional.of(known),
                health);
    }

    /** Why no job may start from the login; empty if it is alive, as far as anybody knows. */
    public Optional<NeedsLogin> needsLogin() {
        return health.needsLogin();
    }

    /** The same login in another health. */
    public Envelope with(Health newest) {
        return new Envelope(
                id,
                generation,
                savedAt,
                savedBy,
                session,
                account,
                plan,
                lastRefresh,
                expiresAt,
                seeds,
                descent,
                newest);
    }
}
