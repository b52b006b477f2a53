package io.github.codexauth.runner.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.codexauth.SecretText;
import io.github.codexauth.store.StoreUnavailableException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A password that a command prints. */
class PasswordCommandTest {
    private static PasswordCommand command(String line, Duration limit) {
        return new PasswordCommand(line, Map.of("PATH", "/usr/bin:/bin", "WORD", "secret"), limit);
    }

    @Test
    void isItsFirstLineInTheEnvironmentThatItWasGiven() throws Exception {
        assertThat(command("echo top-$WORD; echo more", Duration.ofMinutes(1)).read())
                .map(SecretText::reveal)
                .contains("top-secret");
    }

    @ParameterizedTest
    @CsvSource({
        "echo topsecret >&2; exit 3, ended with exit code 3",
        "true, printed nothing",
        "no-such-command-topsecret, ended with exit code 127"
    })
    void thatFailsIsToldWithoutWhatItPrinted(String line, String sentence) {
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> command(line, Duration.ofMinutes(1)).read())
                .satisfies(e -> {
                    assertThat(e.problem()).contains(sentence).doesNotContain("topsecret");
                    assertThat(e.hint()).doesNotContain("topsecret");
                });
    }

    @Test
    void thatDoesNotEndIsEnded() {
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(
                        () -> command("exec sleep 600", Duration.ofMillis(100)).read())
                .satisfies(e -> assertThat(e.problem()).contains("did not end within"));
    }
}
