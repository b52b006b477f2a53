package io.github.codexauth.runner.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ActionInputsTest {
    @Test
    void inputsBecomeOurVariablesAndNothingOfThemIsLeftForTheJob() {
        Map<String, String> variables = new ActionInputs(
                        Map.of("INPUT_API_KEY", "sk-1", "INPUT_RUN", "codex", "INPUT_WAIT", "", "HOME", "/github/home"))
                .asVariables();

        assertThat(variables).containsOnly(Map.entry("CODEX_AUTH_API_KEY", "sk-1"), Map.entry("HOME", "/github/home"));
    }

    @Test
    void theHostsFolderComesWithoutThePrefixThatHidItFromTheRunner() {
        Map<String, String> homes = new ActionInputs(
                        Map.of("INPUT_HOMES", "/github/home", "INPUT_HOMES_ON_HOST", "host:/r/_temp/_github_home"))
                .homes();

        assertThat(homes)
                .containsEntry("CODEX_AUTH_HOMES", "/github/home")
                .containsEntry("CODEX_AUTH_HOMES_ON_HOST", "/r/_temp/_github_home");
    }

    @Test
    void everyInputOfActionYmlIsReadAndHasADescription() throws IOException {
        JsonNode inputs =
                new YAMLMapper().readTree(Path.of("action.yml").toFile()).path("inputs");
        assertThat(inputs.size()).isGreaterThan(10);
        Map<String, String> environment = new TreeMap<>();
        for (Map.Entry<String, JsonNode> input : inputs.properties()) {
            assertThat(input.getValue().path("description").asText())
                    .as(input.getKey())
                    .isNotBlank();
            environment.put("INPUT_" + input.getKey().toUpperCase(Locale.ROOT), "value of " + input.getKey());
        }

        ActionInputs read = new ActionInputs(environment);
        Map<String, String> all = new TreeMap<>(read.asVariables());
        all.putAll(read.homes());
        all.put("run", read.script().orElseThrow());

        assertThat(all.values()).containsExactlyInAnyOrderElementsOf(environment.values());
    }
}
