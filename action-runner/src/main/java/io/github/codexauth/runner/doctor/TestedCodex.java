package io.github.codexauth.runner.doctor;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.codex.CodexVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The newest Codex that the tests ran with: the one number in {@code codex/package.json}, which the build puts beside
 * this class.
 */
final class TestedCodex {
    private TestedCodex() {}

    static CodexVersion version() {
        try (InputStream pinned = TestedCodex.class.getResourceAsStream("package.json")) {
            String version = new JsonMapper()
                    .readTree(pinned)
                    .path("dependencies")
                    .path("@openai/codex")
                    .asText();
            return CodexVersion.of(version)
                    .orElseThrow(() -> new IllegalStateException("codex/package.json pins no release"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isNewer(CodexVersion version) {
        return version.compareTo(version()) > 0;
    }
}
