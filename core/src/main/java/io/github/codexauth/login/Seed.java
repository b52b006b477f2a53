package io.github.codexauth.login;

import io.github.codexauth.AuthJson;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.store.Envelope;
import java.time.Instant;
import java.util.Optional;

/**
 * A login to start from: what a person made with {@code codex login} and gave to the job as a file or secret.
 *
 * <p>It is used when the store is empty and nothing newer of the login is left, and when it is a new login: one the
 * credential was never seeded with, of the same account, issued after the stored one unless that one has ended. The
 * seed a job carries along every day is therefore used once, however long its copy stays in the CI's secrets.
 */
public final class Seed {
    private final AuthJson auth;

    private Seed(AuthJson auth) {
        this.auth = auth;
    }

    /**
     * Reads a seed.
     *
     * @param name what to call it in messages
     * @throws InvalidAuthJsonException if automation could not start from it
     */
    public static Seed parse(byte[] bytes, String name) throws InvalidAuthJsonException {
        return new Seed(AuthJson.parse(bytes, name).requireSeed(name));
    }

    public AuthJson auth() {
        return auth;
    }

    /**
     * Why this seed must not replace what is stored; empty if it may.
     *
     * @param latest a stored login that says that it was issued after this is not believed, and is no reason
     * @throws InvalidAuthJsonException if it belongs to somebody else, which is never what a job wants
     */
    Optional<String> reasonToIgnore(Envelope stored, AuthJson storedAuth, Instant latest)
            throws InvalidAuthJsonException {
        if (stored.seeds().contains(auth.refreshTokenFingerprint())) {
            return Optional.of("the stored login came from this seed and has been refreshed since");
        }
        requireSameAccount(stored, storedAuth);
        // Of a login that has ended, nothing can be lost by taking another.
        if (stored.needsLogin().isEmpty() && !storedAuth.isOlderThan(auth) && !storedAuth.isIssuedAfter(latest)) {
            return Optional.of("the seed is not newer than the stored login, last refreshed " + stored.lastRefresh());
        }
        return Optional.empty();
    }

    private void requireSameAccount(Envelope stored, AuthJson storedAuth) throws InvalidAuthJsonException {
        if (!auth.account().mayBe(storedAuth.account())) {
            throw new InvalidAuthJsonException(
                    "the seed belongs to another account or user ("
                            + auth.account().fingerprint()
                            + ") than the stored login ("
                            + storedAuth.account().fingerprint() + ") of credential '" + stored.id() + "'",
                    "give each account its own --id, or put this login in its place: codex-auth seed --replace --id "
                            + stored.id() + " --seed-file auth.json");
        }
    }
}
