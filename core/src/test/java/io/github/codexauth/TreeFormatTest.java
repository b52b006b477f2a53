package io.github.codexauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.toml.TomlFactory;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeFormatTest {
    private static final TreeFormat JSON = TreeFormat.json();
    private static final TreeFormat TOML = new TreeFormat(new TomlFactory());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "\"text\"",
                "null",
                "{\"a\":{\"b\":[1,-2,[],{}]},\"c\":null,\"d\":[true,false]}",
                "[2147483648,9223372036854775808,1.5,1e400,-0.0,1e-7]",
                "{\"\":\"\\u00e9\\ud83d\\ude00\\u0000\\\"\\\\/\"}"
            })
    void readsAndWritesJsonAsAMapperDoes(String text) throws IOException {
        JsonNode tree = JSON.read(text);

        assertThat(tree).isEqualTo(new JsonMapper().readTree(text));
        assertThat(JSON.read(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(tree);
        assertThat(JSON.write(tree)).isEqualTo(tree.toString());
        assertThat(JSON.writeLines(tree)).isEqualTo(tree.toPrettyString());
    }

    @Test
    void readsAndWritesTomlAsAMapperDoes() throws IOException {
        String text = """
                model = 'gpt'
                when = 2026-11-27T10:00:00Z
                ratio = 0.25
                [a.'b c']
                list = [1, 9223372036854775807, [], { x = true }]
                """;
        JsonNode tree = TOML.read(text);

        assertThat(tree).isEqualTo(new TomlMapper().readTree(text));
        assertThat(TOML.write(tree)).isEqualTo(new TomlMapper().writeValueAsString(tree));
        assertThat(TOML.read(TOML.write(tree))).isEqualTo(tree);
    }

    @Test
    void whereThereIsNothingAValueIsMissing() throws IOException {
        assertThat(JSON.read(" ").isMissingNode()).isTrue();
        assertThat(JSON.read(new byte[0]).isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,\"a\":2}", "{} {}", "{}]", "{\"a\":", "[1,", "{\"a\"}", "'a'"})
    void refusesWhatIsNotOneWholeValueWithoutDoubt(String text) {
        assertThatThrownBy(() -> JSON.read(text)).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void refusesWhatIsDeeperThanItsLimit() throws IOException {
        assertThat(TreeFormat.json(3, 10).read("[[[]]]").size()).isOne();
        assertThatThrownBy(() -> TreeFormat.json(3, 10).read("[[[[]]]]")).isInstanceOf(JsonProcessingException.class);
        assertThatThrownBy(() -> JSON.read("[".repeat(100_000))).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void refusesATextThatIsLongerThanItsLimit() {
        assertThatThrownBy(() -> TreeFormat.json(3, 10_000).read("\"" + "x".repeat(20_000) + "\""))
                .isInstanceOf(JsonProcessingException.class);
    }
}
