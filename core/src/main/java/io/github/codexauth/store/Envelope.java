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
 * @param descent which refresh token it has, and which one it followed; empty in records of format 1, and for what is no
 *     login that we understand
 * @param needsLogin that this generation cannot be refreshed any more; empty as long as nobody knows of it. No next
 *     generation inherits it
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
        Optional<NeedsLogin> needsLogin) {
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
                Optional.empty());
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
                needsLogin);
    }

    /** The same login in another health. */
    public Envelope with(Optional<NeedsLogin> health) {
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
                health);
    }
}
