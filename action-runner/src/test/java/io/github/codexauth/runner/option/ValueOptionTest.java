package io.github.codexauth.runner.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SecretSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An option reads itself: from the line, from its variable, or from the file that its variable names. */
class ValueOptionTest {
    private static final Inputs NOTHING = new Inputs(Map.of(), Map.of());

    @TempDir
    private Path folder;

    @Test
    void whatIsTypedWinsOverTheVariable() throws Exception {
        Inputs both = new Inputs(Map.of("CODEX_AUTH_WAIT", "15m"), Map.of("--wait", "5m"));
        Inputs variable = new Inputs(Map.of("CODEX_AUTH_WAIT", "15m"), Map.of());

        assertThat(Options.WAIT.in(both)).contains(Duration.ofMinutes(5));
        assertThat(Options.WAIT.by(both)).isEqualTo("--wait");
        assertThat(Options.WAIT.in(variable)).contains(Duration.ofMinutes(15));
        assertThat(Options.WAIT.by(variable)).isEqualTo("CODEX_AUTH_WAIT");
        assertThat(Options.WAIT.in(NOTHING)).isEmpty();
    }

    @Test
    void aVariableOfAMissingSecretIsSetToNothingAndCountsAsNotSet() throws Exception {
        assertThat(Options.ID.in(new Inputs(Map.of("CODEX_AUTH_ID", " "), Map.of())))
                .isEmpty();
    }

    @Test
    void aValueMayLieInAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("id"), "codex-ci\n");

        assertThat(Options.ID.in(new Inputs(Map.of("CODEX_AUTH_ID_FILE", file.toString()), Map.of())))
                .contains(new CredentialId("codex-ci"));
    }

    @Test
    void aSecretIsAPlaceAndNotReadYet() throws Exception {
        Inputs typed = new Inputs(Map.of(), Map.of("--seed-file", Path.of("missing.json")));
        Inputs variable = new Inputs(Map.of("CODEX_AUTH_JSON", "{}"), Map.of());

        assertThat(Options.SEED_FILE.in(typed))
                .contains(new SecretSource.InFile("--seed-file", Path.of("missing.json")));
        assertThat(Options.SEED_FILE.in(variable)).contains(new SecretSource.InVariable("CODEX_AUTH_JSON", "{}"));
    }

    @Test
    void aSecretThatStandsInItsVariableIsKnownByTheVariablesName() {
        Inputs inputs = new Inputs(
                Map.of("CODEX_AUTH_JSON", "{}", "CODEX_AUTH_AGE_IDENTITY_FILE", "/file", "CODEX_AUTH_ID", "ci"),
                Map.of());

        assertThat(Options.SEED_FILE.secretVariable(inputs)).contains("CODEX_AUTH_JSON");
        assertThat(Options.AGE_IDENTITY_FILE.secretVariable(inputs)).isEmpty();
        assertThat(Options.ID.secretVariable(inputs)).isEmpty();
    }

    @Test
    void whatMakesNoSenseIsNamedByTheWayItCame() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Options.WAIT.in(new Inputs(Map.of(), Map.of("--wait", "soon"))))
                .satisfies(e -> assertThat(e.problem()).isEqualTo("--wait is not a duration"));
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Options.WAIT.in(new Inputs(Map.of("CODEX_AUTH_WAIT", "soon"), Map.of())))
                .satisfies(e -> assertThat(e.problem()).isEqualTo("CODEX_AUTH_WAIT is not a duration"));
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Options.ID.in(
                        new Inputs(Map.of("CODEX_AUTH_ID", "ci", "CODEX_AUTH_ID_FILE", "/file"), Map.of())))
                .satisfies(e -> assertThat(e.problem()).contains("both CODEX_AUTH_ID and CODEX_AUTH_ID_FILE"));
    }

    @Test
    void helpNamesTheVariables() {
        assertThat(Options.WAIT.spec().description()[0]).endsWith(" [CODEX_AUTH_WAIT]");
        assertThat(Options.SEED_FILE.spec().description()[0]).endsWith(" [CODEX_AUTH_JSON, CODEX_AUTH_JSON_FILE]");
        assertThat(ValueOption.path("--output", "FILE", "A new file.").spec().description())
                .containsExactly("A new file.");
        assertThat(Options.ID.described("Another.").spec().description()).containsExactly("Another. [CODEX_AUTH_ID]");
    }
}
