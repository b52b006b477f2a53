package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.codexauth.standin.Login;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A terminal alone is no person: CI systems and container engines make them too, and keep what is shown there. */
class TerminalIT extends OnOneMachine {
    private static final String IS_A_TERMINAL = "test -t 0 && test -t 1 && test -t 2 && echo is-a-terminal";
    private static final String PRINT_THE_LOGIN =
            "cat $CODEX_HOME/auth.json; cat $CODEX_HOME/auth.json >&2; test ! -t 1";

    private Login login;

    @BeforeEach
    void machineWithALogin() {
        login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
    }

    @Test
    void atAPersonsOwnTerminalTheJobHasTheTerminal() {
        Result result = cli.runAtTerminal(Cli.job("sh", "-c", IS_A_TERMINAL));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("is-a-terminal");
    }

    @Test
    void atTheTerminalThatBuildkiteMakesTheOutputIsFiltered() {
        Result result = whereBuildkiteMayHaveTheLogin()
                .with("CI", "true")
                .with("BUILDKITE", "true")
                .runAtTerminal(Cli.job("sh", "-c", PRINT_THE_LOGIN));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("***");
        assertNoToken(result.all());
    }

    @Test
    void atTheTerminalOfAContainersFirstProcessTheOutputIsFiltered() {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: a container of our own needs root");

        Result result = cli.runAtTerminal(
                List.of("unshare", "--fork", "--pid", "--mount-proc", "--kill-child"),
                Cli.job("sh", "-c", PRINT_THE_LOGIN));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("***");
        assertNoToken(result.all());
    }

    @Test
    void whatAPersonSendsIntoAFileIsFiltered() throws IOException {
        Path log = folder.resolve("log");

        Result result = cli.runAtTerminal(
                List.of("sh", "-c", "exec \"$@\" 2> " + log, "sh"), Cli.job("sh", "-c", PRINT_THE_LOGIN));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(Files.readString(log)).contains("\"refresh_token\" : \"***\"");
        assertNoToken(result.all() + Files.readString(log));
    }

    private Cli whereBuildkiteMayHaveTheLogin() {
        return cli.without("CODEX_AUTH_POLICY").withEtc("codex-auth/policy.yaml", """
                version: 1
                job-may-write-policy: true
                allow:
                  - platform: buildkite
                    visibility: [any]
                    runners: [any]
                    events: [any]
                    forks: true
                    bots: true
                """);
    }

    private void assertNoToken(String text) {
        assertThat(Stream.of(
                        login.current().refreshToken(),
                        login.current().accessToken(),
                        login.current().idToken()))
                .noneMatch(text::contains);
    }
}
