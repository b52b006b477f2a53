package io.github.codexauth.runner.policy;

import io.github.codexauth.runner.network.Authorities;
import io.github.codexauth.runner.network.CaBundle;
import java.nio.file.Path;
import java.util.Map;

/**
 * Whose word counts about where a credential goes that the job itself does not have. In a CI job that is the operator's
 * alone: a job that could choose the server, or whose certificates are believed, could choose itself.
 *
 * @param anybodys whether operator and job are one: at a person's own terminal, or on purpose
 */
public record SettingsTrust(boolean anybodys) {
    /** Whether a file counts. */
    public boolean believes(Path file) {
        return anybodys || PolicyOwnership.isOperators(file);
    }

    /** Whether the job's own variables count. */
    public boolean believesVariables() {
        return anybodys;
    }

    /** Those that the variables name, if they count, and the usual ones. */
    public Authorities authorities(Map<String, String> environment) {
        return CaBundle.in(environment)
                .map(bundle -> believes(bundle.file()) ? Authorities.with(bundle) : Authorities.without(bundle))
                .orElse(Authorities.USUAL);
    }
}
