package io.github.codexauth.home;

import io.github.codexauth.CodexAuthException;
import java.nio.file.Path;

/** Makes the {@code config.toml} for a private home. */
@FunctionalInterface
public interface HomeConfig {
    /**
     * The file's bytes.
     *
     * @param home the {@code CODEX_HOME} that the settings protect
     */
    byte[] forHome(Path home) throws CodexAuthException;
}
