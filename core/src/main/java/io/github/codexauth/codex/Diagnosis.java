package io.github.codexauth.codex;

import io.github.codexauth.store.NeedsLogin;

/**
 * What Codex says after it was asked to refresh a login. Whether it did shows in the login's file alone: an error can
 * come although it did.
 */
public sealed interface Diagnosis {
    /** Nothing that speaks against the login. */
    record NoComplaint() implements Diagnosis {}

    /** OpenAI will not refresh this login again, and says so by one of the codes that mean just that. */
    record Dead(NeedsLogin.Cause cause) implements Diagnosis {}

    /**
     * Something else. The login may be as healthy as ever.
     *
     * @param hindrance what a person has to look at
     * @param reason the end of a sentence, without secrets
     */
    record Hindered(Hindrance hindrance, String reason) implements Diagnosis {}

    /** What stood between Codex and a refresh. */
    enum Hindrance {
        /** The network, a proxy, a certificate that is not trusted, or a server in trouble. */
        UNREACHABLE,
        /** Codex's settings or variables on this machine. */
        SETTINGS,
        /** Codex does not say. */
        UNKNOWN
    }
}
