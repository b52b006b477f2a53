package io.github.codexauth.codex;

import java.nio.file.Path;

/** Lets Codex refresh a login without a job. */
@FunctionalInterface
public interface TokenRefresher {
    /**
     * Runs Codex once. Whether the login was refreshed shows in its file alone.
     *
     * @param home the {@code CODEX_HOME}
     * @param force refresh a token that has not expired; without it Codex refreshes an expired one only
     * @return what Codex says of it
     */
    Diagnosis refresh(Path home, boolean force) throws InterruptedException;
}
