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

    /** How a seed stands to the login that is stored. */
    public enum Fit {
        /** A new login, which takes the stored one's place. */
        NEW,

        /** The stored login came from it. */
        USED,

        /** No newer than the stored login, which is alive. */
        NOT_NEWER,

        /**
         * Another account's or user's than the stored login, and never used for this credential: a person has to
         * decide.
         */
        FOREIGN
    }

    /**
     * How this seed stands to what is stored.
     *
     * @param latest a stored login that says that it was issued after this is not believed, and is no reason to ignore
     *     a seed
     */
    public Fit fit(Envelope stored, AuthJson storedAuth, Instant latest) {
        return fit(
                stored,
                !auth.account().mayBe(storedAuth.account()),
                storedAuth.isOlderThan(auth) || storedAuth.isIssuedAfter(latest));
    }

    /** The same for who cannot open what is stored, such as a page: by what its envelope says of account and age. */
    public Fit fit(Envelope stored) {
        return fit(
                stored,
                !stored.account().equals(auth.account().fingerprint()),
                stored.lastRefresh().isBefore(auth.lastRefresh()));
    }

    private Fit fit(Envelope stored, boolean foreign, boolean newer) {
        if (stored.seeds().contains(auth.refreshTokenFingerprint())) {
            return Fit.USED;
        }
        if (foreign) {
            return Fit.FOREIGN;
        }
        // Of a login that has ended, nothing can be lost by taking another.
        return newer || stored.needsLogin().isPresent() ? Fit.NEW : Fit.NOT_NEWER;
    }

    /**
     * Why this seed must not replace what is stored, see {@link #fit(Envelope, AuthJson, Instant)}; empty if it may.
     *
     * @throws InvalidAuthJsonException if it belongs to somebody else, which is never what a job wants
     */
    Optional<String> reasonToIgnore(Envelope stored, AuthJson storedAuth, Instant latest)
            throws InvalidAuthJsonException {
        return switch (fit(stored, storedAuth, latest)) {
            case NEW -> Optional.empty();
            case USED -> Optional.of("the stored login came from this seed and has been refreshed since");
            case NOT_NEWER ->
                Optional.of("the seed is not newer than the stored login, last refreshed " + stored.lastRefresh());
            case FOREIGN -> throw foreign(stored, storedAuth);
        };
    }

    private InvalidAuthJsonException foreign(Envelope stored, AuthJson storedAuth) {
        return new InvalidAuthJsonException(
                "the seed belongs to another account or user ("
                        + auth.account().fingerprint()
                        + ") than the stored login ("
                        + storedAuth.account().fingerprint() + ") of credential '" + stored.id() + "'",
                "give each account its own --id, or put this login in its place: codex-auth seed --replace --id "
                        + stored.id() + " --seed-file auth.json");
    }
}
