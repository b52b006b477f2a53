package io.github.codexauth.runner.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.codexauth.SignInMode;
import io.github.codexauth.handover.BrokerSettings;
import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.home.ManagedRequirements;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.input.ProcessContext.Machine;
import io.github.codexauth.runner.policy.SettingsTrust;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which servers are sent a credential that the job itself does not have. */
class BrokerOpeningTest {
    private static final SettingsTrust IN_A_CI_JOB = new SettingsTrust(false);
    private static final SettingsTrust AT_ONES_OWN_TERMINAL = new SettingsTrust(true);

    @TempDir
    private Path folder;

    @Test
    void openAisAreAlwaysSentIt() throws Exception {
        assertThat(settings(IN_A_CI_JOB, "", Map.of()).accounts()).hasHost("auth.openai.com");
        settings(IN_A_CI_JOB, "chatgpt_base_url = \"https://chatgpt.com/backend-api/\"", Map.of());
        settings(IN_A_CI_JOB, "openai_base_url = \"https://eu.api.openai.com/v1\"", Map.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openai_base_url = \"https://acme.example/v1\"",
                "openai_base_url = \"https://api.openai.com.acme.example/v1\"",
                "openai_base_url = \"https://notopenai.com/v1\"",
                "chatgpt_base_url = \"http://127.0.0.1:8080/backend-api\"",
                "model_providers.acme = {base_url = \"https://acme.example/v1\", requires_openai_auth = true}"
            })
    void anotherServerCountsOnlyWhereTheJobCouldNotHaveNamedIt(String line) throws Exception {
        assertThatThrownBy(() -> settings(IN_A_CI_JOB, line, Map.of()))
                .isInstanceOf(UntrustedServerException.class)
                .hasMessageContaining(folder.resolve("config.toml").toString());

        settings(AT_ONES_OWN_TERMINAL, line, Map.of());
    }

    @Test
    void aVariableIsTheJobsOwnTooAndCountsWhereItDecidesAnything() throws Exception {
        Map<String, String> variables = Map.of("CODEX_AUTHAPI_BASE_URL", "https://acme.example");

        assertThatThrownBy(() -> settings(IN_A_CI_JOB, "", variables, SignInMode.ACCESS_TOKEN))
                .isInstanceOf(UntrustedServerException.class);
        settings(IN_A_CI_JOB, "", variables, SignInMode.API_KEY);
        assertThat(settings(AT_ONES_OWN_TERMINAL, "", variables, SignInMode.ACCESS_TOKEN)
                        .accounts())
                .hasHost("acme.example");
    }

    @Test
    void aProviderWithAKeyOfItsOwnIsNotSentIt() throws Exception {
        settings(
                IN_A_CI_JOB,
                "model_providers.acme = {base_url = \"https://acme.example/v1\", env_key = \"ACME_KEY\"}",
                Map.of());
    }

    private BrokerSettings settings(SettingsTrust trust, String config, Map<String, String> variables)
            throws Exception {
        return settings(trust, config, variables, SignInMode.API_KEY);
    }

    private BrokerSettings settings(SettingsTrust trust, String config, Map<String, String> variables, SignInMode mode)
            throws Exception {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        ProcessContext process = new ProcessContext(
                variables,
                InputStream.nullInputStream(),
                nowhere,
                nowhere,
                Clock.systemUTC(),
                new Machine("build-07", 4711, folder.toString(), folder, false, false, true, true));
        Path file = folder.resolve("config.toml");
        return new BrokerOpening(process, trust, Optional.of(file))
                .settings(
                        CodexConfig.extending(
                                config.getBytes(StandardCharsets.UTF_8),
                                file.toString(),
                                List.of(),
                                ManagedRequirements.NONE),
                        mode);
    }
}
