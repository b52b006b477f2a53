package io.github.codexauth.codex;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodexVersionTest {
    @Test
    void whatCodexPrintsIsItsVersion() {
        assertThat(CodexVersion.in("codex-cli 0.171.0\n")).hasToString("Optional[0.171.0]");
        assertThat(CodexVersion.in("switching to node 22\ncodex-cli 0.140.0-alpha.12\n"))
                .hasToString("Optional[0.140.0-alpha.12]");
        assertThat(CodexVersion.in("codex 0.60.1")).hasToString("Optional[0.60.1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0.171.0",
                "codex-cli",
                "codex-cli 0.171",
                "not codex-cli 0.171.0",
                "codex-cli 0.171.0 (broken)",
                "codex-cli 99999999999.0.0"
            })
    void anythingElseIsNone(String output) {
        assertThat(CodexVersion.in(output)).isEmpty();
    }

    @Test
    void versionsAreOrderedByNumberAndWhatLeadsUpToAReleaseIsOlder() {
        List<String> ordered =
                List.of("0.9.9", "0.137.10", "0.138.0-alpha.1", "0.138.0", "0.138.1", "0.171.0", "1.0.0");

        assertThat(ordered.stream()
                        .map(version -> CodexVersion.in("codex-cli " + version).orElseThrow()))
                .isSorted()
                .filteredOn(version -> version.compareTo(CodexVersion.OLDEST) < 0)
                .hasSize(3);
    }
}
