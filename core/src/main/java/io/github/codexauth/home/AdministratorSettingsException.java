package io.github.codexauth.home;

import io.github.codexauth.CodexAuthException;
import java.util.List;
import java.util.stream.Collectors;

/** The machine's administrator makes Codex do what would show the credential to the model's commands, or lose it. */
public final class AdministratorSettingsException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    private AdministratorSettingsException(String problem, String hint) {
        super(problem, hint);
    }

    static AdministratorSettingsException rulesLifted(String how, List<SecretPlace> open) {
        return new AdministratorSettingsException(
                "commands that the model runs could read the credential: " + how,
                "as root, in " + ManagedRequirements.FILE + " under [permissions.filesystem], add to deny_read: "
                        + open.stream()
                                .flatMap(place -> place.patterns().stream())
                                .map(pattern -> "\"" + pattern + "\"")
                                .collect(Collectors.joining(", ")));
    }

    static AdministratorSettingsException variablesShown(List<String> variables) {
        return new AdministratorSettingsException(
                "commands that the model runs would see " + String.join(", ", variables) + ": "
                        + ManagedRequirements.SETTINGS + " sets shell_environment_policy.exclude to something else",
                "as root, add these names to that list, or take the list out");
    }

    static AdministratorSettingsException noLoginsInFiles(String found) {
        return new AdministratorSettingsException(
                found + ", so Codex would not see the login in its private home",
                "as root, take that line out or set it to \"file\"; or give this job an API key: --api-key-file");
    }
}
