package io.github.codexauth.runner.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobTokensTest {
    @Test
    void everyKnownNameIsHiddenWhetherItIsThereOrNot() {
        assertThat(JobTokens.hidden(Map.of(), List.of()))
                .contains("GITHUB_TOKEN", "GH_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "CI_JOB_TOKEN", "CI_JOB_JWT*");
    }

    @Test
    void aVariableOfAnotherNameWithTheSameValueIsHiddenToo() {
        assertThat(JobTokens.hidden(
                        Map.of("GITHUB_TOKEN", "ghs_1", "NPM_TOKEN", "ghs_1", "OTHER", "ghs_2", "EMPTY", ""),
                        List.of()))
                .contains("NPM_TOKEN")
                .doesNotContain("OTHER", "EMPTY");
    }

    @Test
    void anEmptyTokenMakesNoEmptyVariableASecret() {
        assertThat(JobTokens.hidden(Map.of("GITHUB_TOKEN", "", "EMPTY", ""), List.of()))
                .contains("GITHUB_TOKEN")
                .doesNotContain("EMPTY");
    }

    @Test
    void whatIsShownIsShownAloneAmongThoseOfItsPattern() {
        assertThat(JobTokens.hidden(
                        Map.of("CI_JOB_JWT", "a", "CI_JOB_JWT_V2", "b", "GITHUB_TOKEN", "b"), List.of("CI_JOB_JWT_V2")))
                .contains("CI_JOB_JWT", "GITHUB_TOKEN")
                .doesNotContain("CI_JOB_JWT*", "CI_JOB_JWT_V2");
    }

    @Test
    void whatTheRunnerGivesToActionsAloneIsNoneOfARunSteps() {
        assertThat(JobTokens.isOfActionsAlone("ACTIONS_RUNTIME_TOKEN")).isTrue();
        assertThat(JobTokens.isOfActionsAlone("ACTIONS_ID_TOKEN_REQUEST_TOKEN")).isFalse();
    }
}
