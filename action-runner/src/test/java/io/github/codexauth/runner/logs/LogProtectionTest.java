package io.github.codexauth.runner.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.SecretText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

    @Test
    void aSecretThatAppearsWithTheOutputIsMaskedBeforeItAndHiddenInIt() throws IOException {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream shown = new PrintStream(log, true, StandardCharsets.UTF_8);
        LogProtection protection = LogProtection.withWorkflowCommands(shown);
        protection.lookFirst(() -> protection.hide(List.of(SecretText.of("rt_0123456789"))));

        protection.copy(new ByteArrayInputStream("it is rt_0123456789\n".getBytes(StandardCharsets.UTF_8)), shown);

        assertThat(log.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("::add-mask::rt_0123456789", "::add-mask::cnRfMDEyMzQ1Njc4OQ==", "it is ***");
    }
}
