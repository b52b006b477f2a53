package io.github.codexauth.runner.job;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import java.nio.file.Path;

/** The job ended and its refreshed login did not reach the store. Exit code 74. */
public final class NotStoredException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    private NotStoredException(String problem, String hint) {
        super(problem, hint);
    }

    static NotStoredException rescued(CredentialId id) {
        return new NotStoredException(
                "the refreshed login of '" + id + "' could not be stored; a rescue copy is on this machine",
                "the next job here takes it up by itself once the store works again; or now: codex-auth rescue --id "
                        + id);
    }

    static NotStoredException putAside(CredentialId id) {
        return new NotStoredException(
                "the job's CODEX_HOME held a login that is not the next state of '" + id + "'; it was put aside",
                "look at it: codex-auth rescue --list --id " + id
                        + "; if it is the one to go on with: codex-auth rescue --force --copy NAME --id " + id);
    }

    static NotStoredException leftInHome(CredentialId id, Path home) {
        return new NotStoredException(
                "the refreshed login of '" + id + "' could neither be stored nor copied; it is still in " + home,
                "free some space on this machine, or, if a step ran as another user: chown -R \"$(id -u)\" " + home
                        + "; the next job here takes the login up from that folder");
    }
}
