package io.github.codexauth.home;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CodexAuth;
import io.github.codexauth.SignInMode;
import io.github.codexauth.TreeFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Codex's settings for a private home: the user's own, and those that keep the credential from the commands the model
 * runs.
 *
 * <ul>
 *   <li>{@code cli_auth_credentials_store = "file"}: never a keyring, out of which nothing could be saved;
 *   <li>{@code shell_environment_policy.exclude}: the credential's variables are not passed on, and neither are those
 *       in which the user's providers and MCP servers find their keys, and whatever else {@link #hidingVariables}
 *       names;
 *   <li>{@code default_permissions}: a profile that denies reading the home and our own files. A {@code --sandbox} or
 *       bypass flag of the job lifts it; {@code /etc/codex/requirements.toml} holds against that. Where an
 *       administrator allows reading alone, the profile does the same, since Codex would otherwise drop it with all its
 *       rules.
 * </ul>
 *
 * <p>Measured on Codex 0.138.0 to 0.171.0. The user's settings all stay; comments do not, since the two files become
 * one.
 */
public final class CodexConfig implements HomeConfig {
    private static final String PROFILE = "codex-auth";
    private static final String USUAL_PERMISSIONS = ":workspace";

    private final ObjectNode settings;
    private final String name;
    private final List<Path> denied;
    private final ManagedRequirements managed;
    private final boolean hidesHome;
    private final Optional<BaseUrls> elsewhere;
    private final Set<String> hiddenVariables;

    private CodexConfig(ObjectNode settings, String name, List<Path> denied, ManagedRequirements managed) {
        this(settings, name, denied, managed, true, Optional.empty(), Set.of());
    }

    /** @param elsewhere where requests go in the place of {@link #baseUrls} */
    private CodexConfig(
            ObjectNode settings,
            String name,
            List<Path> denied,
            ManagedRequirements managed,
            boolean hidesHome,
            Optional<BaseUrls> elsewhere,
            Set<String> hiddenVariables) {
        this.settings = settings;
        this.name = name;
        this.denied = List.copyOf(denied);
        this.managed = managed;
        this.hidesHome = hidesHome;
        this.elsewhere = elsewhere;
        this.hiddenVariables = new TreeSet<>(hiddenVariables);
    }

    /**
     * Ours alone.
     *
     * @param denied what the model's commands may not read, besides the home
     * @param managed what they may not read anyway
     */
    public static CodexConfig standard(List<Path> denied, ManagedRequirements managed) {
        return new CodexConfig(TreeFormat.object(), "the standard settings", denied, managed);
    }

    /**
     * Ours and the user's.
     *
     * @param toml the user's config.toml
     * @param name what to call it in messages
     * @throws InvalidCodexConfigException if it is no TOML, or contradicts ours
     */
    public static CodexConfig extending(byte[] toml, String name, List<Path> denied, ManagedRequirements managed)
            throws InvalidCodexConfigException {
        String text = new String(toml, StandardCharsets.UTF_8);
        CodexConfig config = new CodexConfig(parse(text, name), name, denied, managed);
        config.requireNoConflict(text);
        return config;
    }

    /**
     * Where Codex sends the job's credential by these settings.
     *
     * @throws InvalidCodexConfigException if one of the addresses is none
     */
    public BaseUrls baseUrls(SignInMode mode) throws InvalidCodexConfigException {
        return BaseUrls.in(settings, mode, name);
    }

    /**
     * The same settings for a home without any secret, whose requests go through somebody who has it.
     *
     * @param through has the same names as {@link #baseUrls}
     */
    public CodexConfig sendingTo(BaseUrls through) {
        return new CodexConfig(settings, name, denied, managed, false, Optional.of(through), hiddenVariables);
    }

    /** The same where nothing can be hidden: Codex would need a sandbox for that, and not start without it. */
    public CodexConfig hidingNothing() {
        return new CodexConfig(settings, name, List.of(), managed, false, elsewhere, hiddenVariables);
    }

    /**
     * The same for a home without a secret in it. Where nothing at all is denied, Codex needs no sandbox to start,
     * which not every container allows.
     */
    public CodexConfig showingHome() {
        return new CodexConfig(settings, name, denied, managed, false, elsewhere, hiddenVariables);
    }

    /**
     * The same, with other variables that are not passed on to the model's commands either.
     *
     * @param patterns their names, in which a star stands for anything
     */
    public CodexConfig hidingVariables(Set<String> patterns) {
        return new CodexConfig(settings, name, denied, managed, hidesHome, elsewhere, patterns);
    }

    @Override
    public byte[] forHome(Path home) throws InvalidCodexConfigException {
        ObjectNode merged = settings.deepCopy();
        merged.put("cli_auth_credentials_store", "file");
        if (!merged.has("check_for_update_on_startup")) {
            merged.put("check_for_update_on_startup", false);
        }
        excludeVariables(table(merged, "shell_environment_policy"));
        if (elsewhere.isPresent()) {
            elsewhere.get().putInto(merged);
        }
        denyReading(merged, outermost(home));
        return write(merged).getBytes(StandardCharsets.UTF_8);
    }

    private void excludeVariables(ObjectNode policy) throws InvalidCodexConfigException {
        Set<String> patterns = new LinkedHashSet<>();
        for (JsonNode pattern : policy.path("exclude")) {
            patterns.add(pattern.asText());
        }
        patterns.addAll(CodexAuth.CREDENTIAL_VARIABLES);
        patterns.addAll(namedVariables());
        patterns.addAll(hiddenVariables);
        ArrayNode exclude = policy.putArray("exclude");
        for (String pattern : patterns) {
            exclude.add(pattern);
        }
    }

    /** Where the user's providers and MCP servers find their keys: the names of variables. */
    private Set<String> namedVariables() {
        Set<String> names = new LinkedHashSet<>();
        for (String kind : List.of("model_providers", "mcp_servers")) {
            for (JsonNode entry : settings.path(kind)) {
                names.add(entry.path("env_key").asText());
                names.add(entry.path("bearer_token_env_var").asText());
                for (JsonNode variable : entry.path("env_http_headers")) {
                    names.add(variable.asText());
                }
            }
        }
        names.remove("");
        return names;
    }

    private void denyReading(ObjectNode merged, List<Path> paths) throws InvalidCodexConfigException {
        if (paths.isEmpty() && !hidesHome) {
            if (!ownProfile()) {
                merged.put("default_permissions", base());
            }
            return;
        }
        ObjectNode permissions = table(merged, "permissions");
        ObjectNode profile = table(permissions, profile());
        if (!ownProfile()) {
            profile.put("extends", base());
            merged.put("default_permissions", PROFILE);
        }
        for (Path path : paths) {
            table(profile, "filesystem").put(path.toString(), "deny");
        }
    }

    private String chosenPermissions() {
        return settings.path("default_permissions").asText("");
    }

    /** Whether the user chose a profile of their own, to which our rules are added. */
    private boolean ownProfile() {
        return settings.path("permissions").has(chosenPermissions());
    }

    private String profile() {
        return ownProfile() ? chosenPermissions() : PROFILE;
    }

    /** The built-in profile that the one in force extends. */
    private String base() {
        if (ownProfile()) {
            return settings.path("permissions")
                    .path(chosenPermissions())
                    .path("extends")
                    .asText("");
        }
        return managed.allowedBase(chosenPermissions().isEmpty() ? USUAL_PERMISSIONS : chosenPermissions());
    }

    /**
     * Makes sure that the machine's administrator leaves these settings in force. To be asked before anything is taken.
     *
     * @param secrets where the credential will lie as a file
     * @param variables in which the job gets it
     * @throws AdministratorSettingsException if the commands that the model runs could read it
     */
    public void requireInForce(List<SecretPlace> secrets, List<String> variables)
            throws AdministratorSettingsException {
        List<SecretPlace> open = new ArrayList<>();
        for (SecretPlace secret : secrets) {
            if (!managed.deny(secret.example())) {
                open.add(secret);
            }
        }
        Optional<String> lifted = managed.liftsRulesOf(profile(), base());
        if (lifted.isPresent() && !open.isEmpty()) {
            throw AdministratorSettingsException.rulesLifted(lifted.get(), open);
        }
        List<String> shown = managed.shown(variables);
        if (!shown.isEmpty()) {
            throw AdministratorSettingsException.variablesShown(shown);
        }
    }

    /**
     * Makes sure that Codex keeps logins in files here, out of which they can be saved.
     *
     * @throws AdministratorSettingsException if the machine's administrator requires something else
     */
    public void requireLoginsInFiles() throws AdministratorSettingsException {
        Optional<String> other = managed.otherCredentialStore();
        if (other.isPresent()) {
            throw AdministratorSettingsException.noLoginsInFiles(other.get());
        }
    }

    /**
     * Codex's sandbox mounts over each of these, which fails for what does not exist, or lies below another of them.
     */
    private List<Path> outermost(Path home) {
        List<Path> all = new ArrayList<>(denied);
        if (hidesHome) {
            all.add(home);
        }
        Set<Path> real = new TreeSet<>();
        for (Path path : all) {
            try {
                real.add(path.toRealPath());
            } catch (IOException absent) {
                continue;
            }
        }
        List<Path> outermost = new ArrayList<>();
        for (Path path : real) {
            if (!managed.concern(path) && !liesInAnother(path, real)) {
                outermost.add(path);
            }
        }
        return outermost;
    }

    private static boolean liesInAnother(Path path, Set<Path> all) {
        for (Path other : all) {
            if (!other.equals(path) && path.startsWith(other)) {
                return true;
            }
        }
        return false;
    }

    private void requireNoConflict(String text) throws InvalidCodexConfigException {
        JsonNode store = settings.path("cli_auth_credentials_store");
        if (!store.isMissingNode() && !store.asText().equals("file")) {
            throw new InvalidCodexConfigException(
                    name + line(text, "cli_auth_credentials_store")
                            + ": cli_auth_credentials_store has to be \"file\" here",
                    "remove that line: a login in a keyring cannot be saved after the job");
        }
        for (JsonNode project : settings.path("projects")) {
            if (project.path("trust_level").asText().equals("trusted")) {
                throw new InvalidCodexConfigException(
                        name + line(text, "trust_level")
                                + ": a trusted project's own .codex/config.toml could switch off the permission profile that keeps"
                                + " the login from the model's commands",
                        "take [projects] out of it; what the project's file sets can stand here");
            }
        }
        if (settings.has("sandbox_mode")) {
            throw new InvalidCodexConfigException(
                    name + line(text, "sandbox_mode")
                            + ": sandbox_mode would switch off the permission profile that keeps the login from the model's commands",
                    "use default_permissions = \":workspace\" or \":read-only\" instead; or say it on the job's command line,"
                            + " where people see it: codex exec --sandbox …");
        }
    }

    private ObjectNode table(ObjectNode parent, String key) throws InvalidCodexConfigException {
        JsonNode present = parent.path(key);
        if (present.isMissingNode()) {
            return parent.putObject(key);
        }
        if (present instanceof ObjectNode table) {
            return table;
        }
        throw new InvalidCodexConfigException(name + ": '" + key + "' is not a table", "write it as [" + key + "]");
    }

    /** Writes the tree, and reads it back to be certain that nothing changed on the way. */
    private String write(ObjectNode merged) throws InvalidCodexConfigException {
        try {
            String written = TreeFormat.toml().write(merged);
            if (TreeFormat.toml().read(written).equals(merged)) {
                return written;
            }
        } catch (IOException | UncheckedIOException quoted) {
            // Reported below, without its message.
        }
        throw new InvalidCodexConfigException(
                name + " holds something that cannot be merged with our settings",
                "leave out values that are no text, numbers, lists or tables");
    }

    private static ObjectNode parse(String text, String name) throws InvalidCodexConfigException {
        try {
            return (ObjectNode) TreeFormat.toml().read(text);
        } catch (JsonProcessingException e) {
            // Its message quotes the file, which may hold keys of MCP servers.
            JsonLocation at = e.getLocation();
            throw new InvalidCodexConfigException(
                    name + (at == null ? "" : ", line " + at.getLineNr()) + ": this is not TOML",
                    "look at the quotes and brackets there");
        } catch (IOException e) {
            throw new InvalidCodexConfigException("cannot read " + name, "look at it with: ls -l " + name);
        }
    }

    private static String line(String text, String key) {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().startsWith(key)) {
                return ", line " + (i + 1);
            }
        }
        return "";
    }
}
