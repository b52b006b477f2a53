package io.github.codexauth.runner.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CiVariablesTest {
    @ParameterizedTest
    @ValueSource(strings = {"CI", "GITHUB_ACTIONS", "BUILDKITE", "TEAMCITY_VERSION", "DRONE", "TRAVIS", "BUILD_NUMBER"})
    void oneVariableOfAutomationIsEnoughAlsoIfItIsEmpty(String variable) {
        assertThat(CiVariables.in(Map.of("HOME", "/home/me", variable, "true"))).containsExactly(variable);
        assertThat(CiVariables.in(Map.of(variable, ""))).contains(variable);
    }

    @Test
    void aShellThatAPersonSitsAtHasNone() {
        assertThat(CiVariables.in(
                        Map.of("HOME", "/home/me", "GITHUB_TOKEN", "x", "TERM", "xterm", "SSH_TTY", "/dev/pts/3")))
                .isEmpty();
    }
}
