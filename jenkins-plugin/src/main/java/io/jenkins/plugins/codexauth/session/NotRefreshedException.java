package io.jenkins.plugins.codexauth.session;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.codex.Diagnosis.Hindered;
import io.github.codexauth.codex.Diagnosis.Hindrance;

/** A login's access token has ended, and something keeps Codex from refreshing it. The login itself may be healthy. */
public final class NotRefreshedException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    NotRefreshedException(CredentialId id, String agent, Hindered why) {
        super(
                "Codex on " + agent + " could not refresh the login of credential '" + id + "': " + why.reason(),
                hint(agent, why.hindrance()));
    }

    private static String hint(String agent, Hindrance hindrance) {
        return "the login may be healthy; "
                + switch (hindrance) {
                    case UNREACHABLE ->
                        "look at the network of " + agent
                                + " and, behind a proxy, at HTTPS_PROXY and CODEX_CA_CERTIFICATE in its environment variables";
                    case SETTINGS ->
                        "put that right, in the environment variables of " + agent
                                + ", in its /etc/codex or in the 'config' of withCodexAuth";
                    case UNKNOWN -> "look at which Codex is installed on " + agent + ": codex --version";
                }
                + "; then build again";
    }
}
