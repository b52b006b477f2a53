package io.github.codexauth.home;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.TreeFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/**
 * What the machine's administrator makes Codex do, whatever a job or its settings say (OpenAI, "Managed
 * configuration"):
 *
 * <ul>
 *   <li>{@code requirements.toml}: what is denied ({@code permissions.filesystem.deny_read}, paths or patterns such as
 *       {@code /srv/homes/**}{@code /auth.json}), and which sandbox modes, permission profiles and credential stores
 *       are allowed;
 *   <li>{@code managed_config.toml}: settings that win over those of every home.
 * </ul>
 *
 * <p>Both can lift the rules by which our settings keep a credential from the commands that the model runs; Codex then
 * only warns. Measured on Codex 0.138.0 to 0.171.0. What a ChatGPT workspace or a device management system sends is not
 * seen here.
 *
 * <p>Also measured, on 0.169.0: Codex cannot hide a folder that contains something it has to hide by itself, and it
 * does not start if {@code CODEX_HOME} lies in a folder that is denied here as a whole. So what is denied here is not
 * denied again.
 */
public final class ManagedRequirements {
    /** Where Codex looks. */
    public static final Path FOLDER = Path.of("/etc/codex");

    /** The limits, as messages name them. */
    public static final Path FILE = FOLDER.resolve("requirements.toml");

    static final Path SETTINGS = FOLDER.resolve("managed_config.toml");

    /** Nobody requires anything. */
    public static final ManagedRequirements NONE = new ManagedRequirements(empty(), empty());

    private static final String CREDENTIAL_STORE = "cli_auth_credentials_store";
    private static final int LONGEST = 1024 * 1024;

    private final JsonNode limits;
    private final JsonNode settings;
    private final List<String> denied = new ArrayList<>();

    private ManagedRequirements(JsonNode limits, JsonNode settings) {
        this.limits = limits;
        this.settings = settings;
        for (JsonNode pattern : limits.path("permissions").path("filesystem").path("deny_read")) {
            denied.add(pattern.asText());
        }
    }

    /**
     * Reads both files. One that is missing or makes no sense requires nothing here, and Codex itself says what is
     * wrong with it: it does not start.
     *
     * @param folder usually {@link #FOLDER}
     */
    public static ManagedRequirements read(Path folder) {
        return new ManagedRequirements(
                readFile(folder.resolve(String.valueOf(FILE.getFileName()))),
                readFile(folder.resolve(String.valueOf(SETTINGS.getFileName()))));
    }

    static ManagedRequirements parse(String requirements, String managedConfig) {
        return new ManagedRequirements(parse(requirements), parse(managedConfig));
    }

    /** Whether a login in this folder is denied already, or something in it is that Codex hides by itself. */
    public boolean concern(Path folder) {
        if (deny(folder.resolve("auth.json"))) {
            return true;
        }
        for (String pattern : denied) {
            if (beforeFirstGlob(pattern).startsWith(folder)) {
                return true;
            }
        }
        return false;
    }

    /** Whether no command that Codex runs can read this file or folder, whatever flags it was started with. */
    boolean deny(Path file) {
        for (String pattern : denied) {
            if (covers(pattern, file)) {
                return true;
            }
        }
        return false;
    }

    /**
     * What Codex has to keep logins in, other than files, and which of the two files says so; empty if files are all
     * right.
     */
    Optional<String> otherCredentialStore() {
        if (limits.has(CREDENTIAL_STORE)) {
            return other(limits, FILE);
        }
        return settings.has(CREDENTIAL_STORE) ? other(settings, SETTINGS) : Optional.empty();
    }

    private static Optional<String> other(JsonNode node, Path file) {
        String store = node.path(CREDENTIAL_STORE).asText();
        return store.equals("file")
                ? Optional.empty()
                : Optional.of(file + " requires " + CREDENTIAL_STORE + " = \"" + store + "\"");
    }

    /** What a profile is built upon where ours is not allowed to be built upon {@code base}: the same, or less. */
    String allowedBase(String base) {
        return allowsModeOf(base) ? base : ":read-only";
    }

    /**
     * Why Codex will not follow the deny rules of a profile of a home's settings, as half a sentence; empty if it will.
     *
     * @param profile the profile's name
     * @param base the built-in profile that it extends
     */
    Optional<String> liftsRulesOf(String profile, String base) {
        JsonNode allowedProfiles = limits.path("allowed_permission_profiles");
        if (settings.has("sandbox_mode")) {
            return Optional.of(SETTINGS + " sets sandbox_mode, which switches permission profiles off");
        }
        if (settings.has("default_permissions")
                && !settings.path("default_permissions").asText().equals(profile)) {
            return Optional.of(SETTINGS + " sets default_permissions to another profile");
        }
        if (settings.path("permissions").has(profile)
                || limits.path("permissions").has(profile)) {
            return Optional.of("the administrator's settings have a permission profile '" + profile + "' of their own");
        }
        if (!allowedProfiles.isMissingNode() && !allowedProfiles.path(profile).asBoolean(false)) {
            return Optional.of(
                    "allowed_permission_profiles in " + FILE + " does not allow the profile '" + profile + "'");
        }
        return allowsModeOf(base)
                ? Optional.empty()
                : Optional.of("allowed_sandbox_modes in " + FILE + " does not allow what the profile '" + profile
                        + "' extends");
    }

    /**
     * Those of the variables that the administrator's settings show to the model's commands, though a home's settings
     * hide them.
     */
    List<String> shown(List<String> variables) {
        JsonNode exclude = settings.path("shell_environment_policy").path("exclude");
        if (exclude.isMissingNode()) {
            return List.of();
        }
        List<String> shown = new ArrayList<>(variables);
        for (JsonNode pattern : exclude) {
            shown.removeIf(variable -> hides(pattern.asText(), variable));
        }
        return shown;
    }

    private static boolean hides(String pattern, String variable) {
        return matches(pattern, Path.of(variable));
    }

    private boolean allowsModeOf(String base) {
        JsonNode modes = limits.path("allowed_sandbox_modes");
        if (modes.isMissingNode()) {
            return true;
        }
        String mode = switch (base) {
            case ":read-only" -> "read-only";
            case ":workspace" -> "workspace-write";
            case ":danger-full-access" -> "danger-full-access";
            // A profile upon a profile: nobody has tried what Codex makes of it.
            default -> "";
        };
        for (JsonNode allowed : modes) {
            if (allowed.asText().equals(mode)) {
                return true;
            }
        }
        return false;
    }

    private static boolean covers(String pattern, Path file) {
        return isLiteral(pattern) ? file.startsWith(Path.of(pattern)) : matches(pattern, file);
    }

    private static boolean matches(String pattern, Path path) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + pattern).matches(path);
        } catch (PatternSyntaxException notUnderstood) {
            return false;
        }
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

    private static JsonNode readFile(Path file) {
        // Links are followed: the folder is root's, and what Kubernetes mounts there are links.
        try (InputStream in = Files.newInputStream(file)) {
            return parse(new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8));
        } catch (IOException absent) {
            return empty();
        }
    }

    private static JsonNode parse(String toml) {
        try {
            return TreeFormat.toml().read(toml);
        } catch (IOException noToml) {
            return empty();
        }
    }

    private static ObjectNode empty() {
        return TreeFormat.object();
    }
}
