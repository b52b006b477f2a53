package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.testing.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;

/** Tokens that are printed the instant they are born, long before a watch could have learned of them, are hidden. */
class FreshTokenIT extends OnOneMachine {
    private Login login;

    @BeforeEach
    void machineWithALogin() {
        cli = cli.giving("all");
        login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
    }

    @RepeatedTest(3)
    void aFileThatHasJustBeenPutInPlaceIsPrinted() {
        Path next = cli.write("next.json", standIn.refreshUnseen(login));

        Result result = cli.runJob(
                "sh",
                "-c",
                "cp " + next + " $CODEX_HOME/new && mv $CODEX_HOME/new $CODEX_HOME/auth.json && cat " + next);

        assertHidden(result);
    }

    /** As Codex before 0.167 writes it. */
    @RepeatedTest(3)
    void aFileThatHasJustBeenOverwrittenIsPrinted() {
        Path next = cli.write("next.json", standIn.refreshUnseen(login));

        Result result = cli.runJob("sh", "-c", "cat " + next + " > $CODEX_HOME/auth.json; cat " + next);

        assertHidden(result);
    }

    /** A Codex that was killed before its rename leaves such a file. */
    @RepeatedTest(3)
    void aFileThatWasWrittenAsideIsPrinted() {
        Path next = cli.write("next.json", standIn.refreshUnseen(login));

        Result result = cli.runJob("sh", "-c", "cp " + next + " $CODEX_HOME/.auth-x1Y2z3; cat " + next + " >&2");

        assertHidden(result);
    }

    private void assertHidden(Result result) {
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.all()).contains("\"refresh_token\" : \"***\"", "stored");
        assertThat(Stream.of(
                        login.current().refreshToken(),
                        login.current().accessToken(),
                        login.current().idToken()))
                .noneMatch(result.all()::contains);
    }
}
