package io.github.codexauth.runner.storage;

import io.github.codexauth.PathText;
import io.github.codexauth.UsageException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where this user's programs keep what has to survive a job, by the XDG Base Directory Specification:
 * {@code $XDG_STATE_HOME/codex-auth}, or {@code ~/.local/state/codex-auth}.
 */
public record StateFolder(Path folder) {
    /**
     * Finds the folder.
     *
     * @param userHome the user's home folder, should {@code HOME} not be set
     * @throws UsageException if there is no such path
     */
    public static StateFolder of(Map<String, String> environment, String userHome) throws UsageException {
        String stateHome = environment.getOrDefault("XDG_STATE_HOME", "");
        // The specification wants relative paths to be ignored.
        if (stateHome.startsWith("/")) {
            return new StateFolder(PathText.parse(stateHome, "XDG_STATE_HOME").resolve("codex-auth"));
        }
        String home = environment.getOrDefault("HOME", "");
        Path base = PathText.parse(home.startsWith("/") ? home : userHome, "HOME");
        return new StateFolder(base.resolve(".local/state/codex-auth"));
    }

    /** Where homes are made that need not survive their job. */
    public Path scratchHomes() {
        return folder.resolve("scratch");
    }

    /** Where logins lie that their store did not take. */
    Path rescue() {
        return folder.resolve("rescue");
    }
}
