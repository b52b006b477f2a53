package io.github.codexauth.runner.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.workflow.ActionInputs;
import io.github.codexauth.runner.workflow.StepFiles;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.TestClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptedCodexTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @Test
    void thePromptIsReadByItsUserAloneAndIsGoneAfterwards() throws IOException, CodexAuthException {
        Path input;
        try (PromptedCodex codex = prepare(Map.of())) {
            input = codex.input();
            assertThat(codex.command()).doesNotContain("a prompt").endsWith("-");
            assertThat(input).hasContent("a prompt");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(input)))
                    .isEqualTo("rw-------");
        }
        assertThat(input.getParent()).doesNotExist();
    }

    @Test
    void aMessageThatIsTooLongIsCutBetweenCharactersAndThatIsSaid() throws IOException, CodexAuthException {
        Path answer = Files.writeString(folder.resolve("answer"), "a" + "\u00e9".repeat(300 * 1024));

        assertThat(report(answer)).endsWith("\u00e9").hasSize(128 * 1024);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("has the first 256 KiB of Codex's last message");
    }

    @Test
    void aLinkInThePlaceOfTheMessageIsNotFollowed() throws IOException, CodexAuthException {
        Path secret = Files.writeString(folder.resolve("secret"), "a secret");
        Path answer = Files.createSymbolicLink(folder.resolve("answer"), secret);

        assertThat(report(answer)).isEmpty();
    }

    /** The helper could read what the job cannot, and a job chooses what lies where its answer should. */
    @Test
    void whereHelperAndJobAreTwoUsersThereAreNoPrompts() {
        Result result = new CommandLineUnderTest(folder, new TestClock(Instant.parse("2026-11-24T10:00:00Z")))
                .with("CODEX_AUTH_JOB_USER", "123456:123456")
                .with("INPUT_PROMPT", "say done")
                .with("INPUT_OUTPUT_FILE", "/run/secrets/codex")
                .run("action");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(64);
        assertThat(result.err()).contains("hint: write here: run: codex exec …");
    }

    private String report(Path answer) throws IOException, CodexAuthException {
        Path output = Files.writeString(folder.resolve("output"), "");
        try (PromptedCodex codex = prepare(Map.of("INPUT_OUTPUT_FILE", answer.toString()))) {
            codex.report(
                    new StepFiles(Map.of("GITHUB_OUTPUT", output.toString())),
                    new Messages(new PrintStream(log, true, StandardCharsets.UTF_8), Messages.Annotating.NONE));
        }
        String written = Files.readString(output);
        return written.isEmpty() ? "" : written.lines().skip(1).findFirst().orElseThrow();
    }

    private PromptedCodex prepare(Map<String, String> inputs) throws CodexAuthException {
        return PromptedCodex.prepare(
                new ActionInputs(inputs),
                new ActionInputs.Prompt(Optional.of("a prompt"), Optional.empty()),
                Map.of("RUNNER_TEMP", folder.toString()));
    }
}
