package io.github.codexauth.runner.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BugReportTest {
    @Test
    void aThreadThatEndsWithAMistakeShowsNoTraceAndNotWhatTheMistakeSays() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Thread thread = new Thread(() -> {
            throw new IllegalArgumentException("sk-secret");
        });
        thread.setUncaughtExceptionHandler(new BugReport(new Messages(err, Messages.Annotating.NONE), err, false));

        thread.start();
        thread.join();

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("codex-auth: error: a bug in codex-auth: java.lang.IllegalArgumentException\n"
                        + "codex-auth: hint: run it again with --debug and report what it prints\n");
    }
}
