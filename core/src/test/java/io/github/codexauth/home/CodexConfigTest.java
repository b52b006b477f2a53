package io.github.codexauth.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.github.codexauth.CodexAuth;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Codex's settings for a private home, with what an administrator makes of them. What Codex makes of both is tried with
 * the real one.
 */
class CodexConfigTest {
    private static final String READING_ALONE = "allowed_sandbox_modes = [\"read-only\"]";
    private static final List<SecretPlace> HOMES = List.of(SecretPlace.inHomesOf(Path.of("/s/homes")));

    @TempDir
    private Path home;

    @Test
    void theVariablesOfEveryCredentialAreHiddenAndThoseThatTheUsersProvidersAndServersName() throws Exception {
        JsonNode written = written("""
                [model_providers.acme]
                env_key = "ACME_KEY"
                env_http_headers = {"X-One" = "ACME_ONE", "X-Two" = "ACME_TWO"}
                [mcp_servers.tools]
                url = "https://tools.example"
                bearer_token_env_var = "TOOLS_TOKEN"
                env_http_headers = {"X-Three" = "TOOLS_THREE"}
                [shell_environment_policy]
                exclude = ["MINE_*"]
                """, "");

        List<String> hidden = new ArrayList<>();
        written.at("/shell_environment_policy/exclude").forEach(pattern -> hidden.add(pattern.asText()));
        assertThat(hidden)
                .containsAll(CodexAuth.CREDENTIAL_VARIABLES)
                .contains("MINE_*", "ACME_KEY", "ACME_ONE", "ACME_TWO", "TOOLS_TOKEN", "TOOLS_THREE")
                .doesNotContain("");
    }

    @ParameterizedTest
    @CsvSource({"'', :read-only", ":workspace, :read-only", ":read-only, :read-only"})
    void whereReadingAloneIsAllowedTheProfileIsBuiltUponThat(String chosen, String base) throws Exception {
        JsonNode written = written(chosen.isEmpty() ? "" : "default_permissions = \"" + chosen + "\"", READING_ALONE);

        assertThat(written.path("default_permissions").asText()).isEqualTo("codex-auth");
        assertThat(written.at("/permissions/codex-auth/extends").asText()).isEqualTo(base);
        assertThatCode(() -> config("", READING_ALONE, "").requireInForce(HOMES, List.of()))
                .doesNotThrowAnyException();
    }

    @Test
    void aProfileOfTheUsersOwnIsNotChangedAndRefusedIfItIsNotAllowed() {
        String own = """
                default_permissions = "mine"
                [permissions.mine]
                extends = ":workspace"
                """;

        assertThatThrownBy(() -> config(own, READING_ALONE, "").requireInForce(HOMES, List.of()))
                .isInstanceOf(AdministratorSettingsException.class)
                .hasMessageContaining(
                        "allowed_sandbox_modes in /etc/codex/requirements.toml does not allow what the profile"
                                + " 'mine' extends");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[permissions.filesystem]\ndeny_read = [\"/s\"]",
                "[permissions.filesystem]\ndeny_read = [\"/s/homes/**/auth.json\", \"[\"]",
                "[permissions.filesystem]\ndeny_read = [\"/**/auth.json\"]"
            })
    void whatTheAdministratorDeniesNeedsNoRuleOfOurs(String denied) throws Exception {
        config("", denied, "sandbox_mode = \"workspace-write\"").requireInForce(HOMES, List.of());
    }

    @ParameterizedTest
    @CsvSource({"CODEX_*, true", "CODEX_API_KEY, true", "*_API_*, true", "OPENAI_*, false", "'[', false"})
    void aListOfHiddenVariablesHasToNameOurs(String pattern, boolean hidden) throws Exception {
        CodexConfig config = config("", "", "shell_environment_policy = {exclude = [\"" + pattern + "\"]}");

        if (hidden) {
            config.requireInForce(List.of(), List.of("CODEX_API_KEY"));
        } else {
            assertThatThrownBy(() -> config.requireInForce(List.of(), List.of("CODEX_API_KEY")))
                    .hasMessageContaining("would see CODEX_API_KEY");
        }
    }

    private JsonNode written(String toml, String requirements) throws Exception {
        return new TomlMapper()
                .readTree(new String(config(toml, requirements, "").forHome(home), StandardCharsets.UTF_8));
    }

    private static CodexConfig config(String toml, String requirements, String managed) throws Exception {
        return CodexConfig.extending(
                toml.getBytes(StandardCharsets.UTF_8),
                "config.toml",
                List.of(),
                ManagedRequirements.parse(requirements, managed));
    }
}
