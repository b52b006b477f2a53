package io.github.codexauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodexAuthTest {
    @Test
    void eachModeSetsItsOwnVariables() throws InvalidCredentialException {
        assertThat(CodexAuth.ApiKey.of(" sk-1234 \n").variables())
                .containsOnly(java.util.Map.entry("CODEX_API_KEY", "sk-1234"));
        assertThat(CodexAuth.AccessToken.of("at-1234").variables()).containsKey("CODEX_ACCESS_TOKEN");
        assertThat(new CodexAuth.WorkloadIdentity("rule", Path.of("/token")).variables())
                .containsOnlyKeys("OPENAI_FEDERATION_RULE_ID", "OPENAI_IDENTITY_TOKEN_FILE");
        assertThat(new CodexAuth.Managed(List.of(new CredentialId("ci"))).variables())
                .isEmpty();
    }

    @Test
    void noModePrintsItsSecret() throws InvalidCredentialException {
        assertThat(CodexAuth.ApiKey.of("sk-topsecret")).asString().doesNotContain("topsecret");
        assertThat(CodexAuth.AccessToken.of("at-topsecret")).asString().doesNotContain("topsecret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \n",
                "{\"auth_mode\":1}",
                "at-1234",
                "two words",
                "sk-\u00e4",
                "eyJhbGciOiJIUzI1NiJ9.e30.x"
            })
    void whatIsNoApiKeyIsRefusedWithoutBeingQuoted(String text) {
        assertThatThrownBy(() -> CodexAuth.ApiKey.of(text))
                .isInstanceOf(InvalidCredentialException.class)
                .satisfies(e -> assertThat(text.isBlank() || !e.getMessage().contains(text))
                        .isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "codex-ci", "team-a.1", "0_x"})
    void idsAreNames(String id) {
        assertThat(new CredentialId(id)).hasToString(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a..b", "../x", "a/b", "A", "-a", "a-", "a b", "ä"})
    void idsAreNeverPaths(String id) {
        assertThatIllegalArgumentException().isThrownBy(() -> new CredentialId(id));
    }

    @Test
    void aSecretPastedAsAnIdIsNotRepeatedWhole() {
        String secret = "sk-proj-ABCDEFGHIJKLMNOPQRSTUVWXYZ";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CredentialId(secret))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(secret.substring(10)));
    }

    @Test
    void secretsAreEqualByValueAndHaveAFingerprint() {
        SecretText secret = SecretText.of("value");

        assertThat(secret)
                .isEqualTo(SecretText.of("value"))
                .isNotEqualTo(SecretText.of("other"))
                .hasToString("****");
        assertThat(secret.fingerprint()).matches("[0-9a-f]{12}");
        assertThatIllegalArgumentException().isThrownBy(() -> SecretText.of(""));
    }
}
