package io.github.codexauth.runner.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.TestClock;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong is one sentence with a hint, and an exit code that means something. */
class ErrorReportTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void aMistakeInTheProgramIsOneSentenceThatQuotesNothing() {
        Result result = new CommandLineUnderTest(folder, new BrokenClock()).run(keygen());

        assertThat(result.exitCode()).isEqualTo(70);
        assertThat(result.err())
                .isEqualTo("codex-auth: error: a bug in codex-auth: java.lang.IllegalStateException\n"
                        + "codex-auth: hint: run it again with --debug and report what it prints\n");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void whoAsksForItIsShownWhereTheMistakeIsAndStillNotWhatItSays() {
        CommandLineUnderTest machine = new CommandLineUnderTest(folder, new BrokenClock());

        Result asked = machine.run(
                Stream.concat(Stream.of(keygen()), Stream.of("--debug")).toArray(String[]::new));
        Result byVariable = machine.with("CODEX_AUTH_DEBUG", "1").run(keygen());

        for (Result result : List.of(asked, byVariable)) {
            assertThat(result.exitCode()).isEqualTo(70);
            assertThat(result.err())
                    .contains("codex-auth: debug: java.lang.IllegalStateException", "KeygenCommand.run(")
                    .doesNotContain("sk-secret");
        }
    }

    @Test
    void aMistakeWhileTheLineIsReadIsReportedInTheSameWay() {
        Result result = new CommandLineUnderTest(folder, new TestClock(NOW)).run("status", null);

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(70);
        assertThat(result.err())
                .startsWith("codex-auth: error: a bug in codex-auth: java.lang.IllegalArgumentException\n");
    }

    static Stream<List<String>> commandsForLoginsInAStore() {
        return Stream.of(List.of("restore"), List.of("keepalive"), List.of("keepalive", "--again"), List.of("action"));
    }

    @ParameterizedTest
    @MethodSource("commandsForLoginsInAStore")
    void whatWorksWithALoginInAStoreRefusesAKey(List<String> words) {
        Result result = new CommandLineUnderTest(folder, new TestClock(NOW))
                .with(words.contains("action") ? "INPUT_API_KEY" : "CODEX_AUTH_API_KEY", "sk-secret")
                .run(words.toArray(String[]::new));

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(64);
        assertThat(result.err())
                .isEqualTo(
                        "codex-auth: error: this works with a login in the store, and CODEX_AUTH_API_KEY gives another"
                                + " way to sign in (API key)\n"
                                + "codex-auth: hint: run the job with it: codex-auth run -- COMMAND, in the GitHub step the input"
                                + " 'run'; or name a login: unset CODEX_AUTH_API_KEY, and add --id NAME\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"restore", "keepalive"})
    void whatWorksWithALoginInAStoreAsksForItsNameAlone(String command) {
        Result result = new CommandLineUnderTest(folder, new TestClock(NOW)).run(command);

        assertThat(result.exitCode()).isEqualTo(64);
        assertThat(result.err())
                .isEqualTo("codex-auth: error: no way to sign in was given\n"
                        + "codex-auth: hint: name a login in the store: --id NAME\n");
    }

    @Test
    void onlyOneLoginIsAskedAboutAgain() {
        Result result = new CommandLineUnderTest(folder, new TestClock(NOW))
                .with("CODEX_AUTH_POOL", "team-a")
                .run("keepalive", "--again");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(64);
        assertThat(result.err()).contains("error: --again is about one login, and CODEX_AUTH_POOL names several");
    }

    private String[] keygen() {
        return new String[] {
            "keygen", "--output", folder.resolve("identity.txt").toString()
        };
    }

    /** Fails as no clock does, with words that nobody may see. */
    private static final class BrokenClock extends Clock {
        @Override
        public Instant instant() {
            throw new IllegalStateException("sk-secret");
        }

        @Override
        public ZoneId getZone() {
            throw new IllegalStateException("sk-secret");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new IllegalStateException("sk-secret");
        }
    }
}
