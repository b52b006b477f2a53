package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is typed reaches the job as it is, and no message repeats it: a prompt may be a stranger's, and a word a key.
 */
class ArgumentsIT extends OnOneMachine {
    private static final String SECRET = "sk-proj-Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA";

    private Cli withKey;

    @BeforeEach
    void machineWithAKey() {
        withKey = cli.with("CODEX_AUTH_API_KEY", standIn.newApiKey());
    }

    @Test
    void aWordThatNamesAFileIsNeverReplacedByTheFile() {
        Path file = cli.write("credentials", "--content of-the-file\n");
        String word = "@" + file;

        Result job = withKey.run("run", "--", "echo", word);
        assertThat(job.out()).isEqualTo(word + "\n");
        Stream.of(
                        job,
                        withKey.run("run", word),
                        withKey.run("run", "echo", word),
                        withKey.run("run", "--", word),
                        withKey.run("run", "--id", word, "--", "true"),
                        withKey.run("run", "--api-key-file", word, "--", "true"),
                        withKey.run("status", word),
                        withKey.run(word),
                        withKey.with("INPUT_RUN", word)
                                .with("INPUT_API_KEY", SECRET)
                                .run("action"))
                .forEach(result -> assertThat(result.all()).doesNotContain("content", "of-the-file"));
    }

    static Stream<List<String>> wrongLines() {
        return Stream.of(
                List.of("run", "echo", SECRET),
                List.of("run", "--", SECRET),
                List.of("run", "--", "codex exec " + SECRET),
                List.of("run", "--", "./" + SECRET),
                List.of("run", "--" + SECRET, "--", "true"),
                List.of("run", "-" + SECRET, "--", "true"),
                List.of("run", "--api-key=" + SECRET, "--", "true"),
                List.of("run", "--id", "--api-key-file=" + SECRET),
                List.of("run", "--debug=" + SECRET, "--", "true"),
                List.of("run", "--wait", SECRET, "--", "true"),
                List.of("run", "--store", SECRET, "--", "true"),
                List.of("run", "--id", "ci", "--id", SECRET, "--", "true"),
                List.of("run", "--age-recipient", SECRET, "--id", "ci", "--", "true"),
                List.of("status", SECRET),
                List.of("status", "--", "-----BEGIN " + SECRET),
                List.of("persist", SECRET),
                List.of(SECRET));
    }

    @ParameterizedTest
    @MethodSource("wrongLines")
    void noMessageRepeatsWhatMayBeASecret(List<String> line) {
        Result result = cli.run(line.toArray(String[]::new));

        assertThat(result.exitCode()).as(result.toString()).isNotZero();
        assertThat(result.all()).doesNotContain(SECRET.substring(8, 20));
    }

    @Test
    void anOptionWithoutItsValueIsNamed() {
        Result result = cli.run("run", "--id", "--wait=15m", "--", "true");

        assertThat(result.exitCode()).isEqualTo(64);
        assertThat(result.err()).contains("error: --id needs a value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--api-key-file", "--access-token-file", "--seed-file", "--identity-token-file", "--homes"})
    void aSecretWhereAPathBelongsIsAnsweredWithTheNameOfTheOption(String option) {
        Result result = cli.run("run", option, SECRET, "--id", "ci", "--", "true");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(64);
        assertThat(result.err()).contains("error: " + option + " takes a path").doesNotContain(SECRET.substring(8, 20));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "JSON_FILE",
                "API_KEY_FILE",
                "ACCESS_TOKEN_FILE",
                "AGE_IDENTITY_FILE",
                "IDENTITY_TOKEN_FILE",
                "POLICY",
                "CODEX_CONFIG",
                "HOMES"
            })
    void aSecretInAVariableForPathsIsNotQuotedEither(String name) {
        Result result =
                cli.with("CODEX_AUTH_" + name, "{\"tokens\": \"topsecret\"}").run("run", "--id", "ci", "--", "true");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(64);
        assertThat(result.err())
                .contains("error: CODEX_AUTH_" + name + " takes a path")
                .doesNotContain("topsecret");
    }

    @Test
    void theScriptOfAStepIsNoArgumentAndNoVariableOfItsCommands() {
        Running running = cli.with("INPUT_API_KEY", standIn.newApiKey())
                .with("INPUT_RUN", """
                # a comment first
                words="two  words; $(printf '%s' "'quoted'")"
                env | grep -c INPUT_ || echo "$words"
                password=topsecret sleep 300
                """)
                .start("action");
        running.awaitOutput("two  words; 'quoted'");

        String arguments = Stream.concat(
                        Stream.of(running.handle()), running.handle().descendants())
                .map(process -> read(Path.of("/proc", Long.toString(process.pid()), "cmdline")))
                .reduce("", String::concat);
        running.killEverything();

        assertThat(arguments).contains("bash").doesNotContain("topsecret");
    }

    @Test
    void theScriptOfAStepEndsAtItsFirstErrorWithItsExitCode() {
        Result result = cli.with("INPUT_API_KEY", standIn.newApiKey())
                .with("INPUT_RUN", "echo one\nsh -c 'exit 5' | cat\necho two")
                .run("action");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(5);
        assertThat(result.out()).isEqualTo("one\n");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }
}
