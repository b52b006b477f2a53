package io.github.codexauth.runner.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.SecretText;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogProtectionTest {
    @Test
    void inWorkflowsEachFormIsMaskedOnceAndLineBreaksAreEscaped() {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        LogProtection protection =
                LogProtection.withWorkflowCommands(new PrintStream(log, true, StandardCharsets.UTF_8));

        protection.hide(List.of(SecretText.of("50% of\na secret")));
        protection.hide(List.of(SecretText.of("50% of\na secret")));

        assertThat(log.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("::add-mask::50%25 of%0Aa secret", "::add-mask::NTAlIG9mCmEgc2VjcmV0");
    }
}
