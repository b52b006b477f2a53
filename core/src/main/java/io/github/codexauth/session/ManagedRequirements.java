package io.github.codexauth.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.github.codexauth.store.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the machine's operator makes Codex deny, whatever flags a job passes: {@code permissions.filesystem.deny_read} in
 * {@code /etc/codex/requirements.toml} (OpenAI, "Managed configuration"). Each is a path or a pattern such as
 * {@code /srv/homes/**}{@code /auth.json}.
 *
 * <p>Measured on Codex 0.169.0: it cannot hide a folder that contains something it has to hide by itself, and it does not start
 * if {@code CODEX_HOME} lies in a folder that is denied here as a whole. So what is denied here is not denied again.
 */
public final class ManagedRequirements {
    /** Where Codex looks. */
    public static final Path FILE = Path.of("/etc/codex/requirements.toml");

    /** Nobody requires anything. */
    public static final ManagedRequirements NONE = new ManagedRequirements(List.of());

    private static final int LONGEST = 1024 * 1024;

    private final List<String> denied;

    private ManagedRequirements(List<String> denied) {
        this.denied = List.copyOf(denied);
    }

    /** Reads a file; one that is missing or makes no sense requires nothing here, and Codex itself says what is wrong with it. */
    public static ManagedRequirements read(Path file) {
        try {
            Optional<byte[]> bytes = PrivateFiles.read(file, LONGEST);
            return bytes.isEmpty() ? NONE : parse(new String(bytes.get(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            return NONE;
        }
    }

    static ManagedRequirements parse(String toml) {
        List<String> denied = new ArrayList<>();
        try {
            JsonNode patterns = new TomlMapper()
                    .readTree(toml)
                    .path("permissions")
                    .path("filesystem")
                    .path("deny_read");
            patterns.forEach(pattern -> denied.add(pattern.asText()));
        } catch (JsonProcessingException noToml) {
            return NONE;
        }
        return new ManagedRequirements(denied);
    }

    /** Whether a login in this folder is denied already, or something in it is that Codex hides by itself. */
    public boolean concern(Path folder) {
        return denied.stream().anyMatch(pattern -> covers(pattern, folder) || liesBelow(pattern, folder));
    }

    private static boolean covers(String pattern, Path folder) {
        return isLiteral(pattern)
                ? folder.startsWith(Path.of(pattern))
                : FileSystems.getDefault().getPathMatcher("glob:" + pattern).matches(folder.resolve("auth.json"));
    }

    private static boolean liesBelow(String pattern, Path folder) {
        return beforeFirstGlob(pattern).startsWith(folder);
    }

    private static Path beforeFirstGlob(String pattern) {
        if (isLiteral(pattern)) {
            return Path.of(pattern);
        }
        String literal = pattern.split("[*?\\[{]", 2)[0];
        return Path.of("/", literal.substring(0, literal.lastIndexOf('/') + 1));
    }

    private static boolean isLiteral(String pattern) {
        return pattern.chars().noneMatch(c -> "*?[{".indexOf(c) >= 0);
    }
}
