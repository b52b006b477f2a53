package io.github.codexauth.runner.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.codexauth.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void wordsForCodexStandBetweenSpacesOrInAJsonArray() throws UsageException {
        assertThat(words("--model gpt-5  --json")).containsExactly("--model", "gpt-5", "--json");
        assertThat(words("[\"--config\", \"a = 'b c'\"]")).containsExactly("--config", "a = 'b c'");
        assertThat(words("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--config 'a b'", "--model $(id)", "[1, {}]", "[\"unfinished"})
    void wordsThatWouldTakeAShellAreRefusedWithAnExample(String text) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> words(text))
                .satisfies(refused -> assertThat(refused.hint()).contains("codex-args: '[\"--model\", \"gpt-5\"]'"));
    }

    private static List<String> words(String text) throws UsageException {
        return new ActionInputs(Map.of("INPUT_CODEX_ARGS", text)).codexArgs();
    }

    @Test
    void everyInputOfActionYmlIsReadAndHasADescription() throws IOException, UsageException {
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
        all.put("run", ((ActionInputs.Script) read.task()).text());

        assertThat(all.values()).containsExactlyInAnyOrderElementsOf(environment.values());
    }

    @Test
    void theActionOnTheHostHasTheSameInputsAsTheContainerAndItsOwn() throws IOException {
        List<String> container = names(Path.of("action.yml"), "inputs");
        List<String> host = names(Path.of("../action.yml"), "inputs");

        container.removeAll(List.of("homes", "homes_on_host"));
        assertThat(host).containsAll(container);
        host.removeAll(container);
        assertThat(host)
                .containsExactlyInAnyOrder(
                        "prompt", "prompt-file", "output-file", "codex-args", "codex-version", "releases");
        List<String> outputs = names(Path.of("action.yml"), "outputs");
        assertThat(names(Path.of("../action.yml"), "outputs"))
                .containsAll(outputs)
                .contains("final-message");
    }

    @Test
    void theActionOnTheHostIsOfTheVersionThatIsBuilt() throws IOException {
        String built =
                Files.readString(Path.of("../pom.xml")).replaceFirst("(?s).*?<version>([^<]*)</version>.*", "$1");

        assertThat(new JsonMapper()
                        .readTree(Path.of("../action/release.json").toFile())
                        .path("version")
                        .asText())
                .isEqualTo(built.replace("-SNAPSHOT", ""));
    }

    private static List<String> names(Path action, String kind) throws IOException {
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry :
                new YAMLMapper().readTree(action.toFile()).path(kind).properties()) {
            assertThat(entry.getValue().path("description").asText())
                    .as(entry.getKey())
                    .isNotBlank();
            names.add(entry.getKey());
        }
        return names;
    }
}
