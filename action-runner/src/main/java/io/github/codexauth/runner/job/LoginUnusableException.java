package io.github.codexauth.runner.job;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.codex.Diagnosis;
import io.github.codexauth.codex.Diagnosis.Hindrance;

/**
 * The stored login's access token has ended and something keeps Codex from refreshing it, so the job would only fail
 * later and less clearly. The login itself may be healthy, so nobody is told to log in again.
 */
public final class LoginUnusableException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    private final Hindrance hindrance;

    public LoginUnusableException(CredentialId id, Diagnosis.Hindered why) {
        super(
                "Codex could not refresh the login of credential '" + id + "': " + why.reason(),
                hint(id, why.hindrance()));
        this.hindrance = why.hindrance();
    }

    /** What stood in the way, which decides the exit code: 69 for the network, 78 for settings, else 65. */
    public Hindrance hindrance() {
        return hindrance;
    }

    private static String hint(CredentialId id, Hindrance hindrance) {
        return switch (hindrance) {
            case UNREACHABLE ->
                "the login may be healthy; look at the network and, behind a proxy, at HTTPS_PROXY and"
                        + " CODEX_CA_CERTIFICATE, then: codex-auth keepalive --id "
                        + id;
            case SETTINGS ->
                "the login may be healthy; put that right, in the variables of this machine, in /etc/codex or in"
                        + " --codex-config, then: codex-auth keepalive --id "
                        + id;
            case UNKNOWN ->
                "the login may be healthy; look at what is missing here: codex-auth doctor; then: codex-auth keepalive --id "
                        + id;
        };
    }
}
