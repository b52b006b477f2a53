package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.standin.Gate;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RefreshAnswer;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A cancelled job ends in time, and with its login saved, in whatever phase the signal finds it. */
@ParameterizedClass(name = "--give {0}")
@ValueSource(strings = {"access", "all"})
class SignalIT extends OnOneMachine {
    @Parameter
    private String give;

    @BeforeEach
    void giveThatMuch() {
        cli = cli.giving(give);
    }

    @AfterEach
    void theLoginSurvives() {
        assertThat(standIn.events(Reused.class)).isEmpty();
        Result result = cli.runCodex();
        assertThat(result.exitCode()).as(result.toString()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"TERM,143", "INT,130", "HUP,129"})
    void whileItWaitsForTheLeaseItEndsAtOnceAndHoldsNothing(String signal, int exitCode) {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));
        Running holder = cli.start(Cli.job("sh", "-c", "echo has-it; read go < " + cli.makeFifo()));
        holder.awaitOutput("has-it");
        Running waiting = cli.start("run", "--id", "ci", "--wait", "5m", "--", "echo", "ran");
        waiting.awaitOutput("waiting: credential 'ci' is in use by");

        waiting.signal(signal);
        Result result = waiting.result();

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        assertThat(result.out()).doesNotContain("ran");
        cli.openFifo();
        assertThat(holder.result().exitCode()).isZero();
    }

    @Test
    void duringTheEarlyRefreshItWaitsForTheServerSavesAndDoesNotStartTheJob() {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        cli.seed(login);
        Gate gate = new Gate();
        standIn.nextRefresh(new RefreshAnswer.Late(gate));
        Running running = cli.start(Cli.job("echo", "the job ran"));
        gate.awaitReached();

        running.signal("TERM");
        gate.open();
        Result result = running.result();

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(143);
        assertThat(result.out()).doesNotContain("the job ran");
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @ParameterizedTest
    @CsvSource({"TERM,143", "INT,1"})
    void duringAModelCallCodexIsToldAndTheLoginStays(String signal, int exitCode) {
        Login login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
        Gate gate = new Gate();
        standIn.nextModelCall(gate);
        Running running = cli.start(Cli.job(Cli.codexExec()));
        gate.awaitReached();

        running.signal(signal);
        Result result = running.result();
        gate.open();

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void aJobThatIgnoresTheSignalIsKilledAfterItsGraceTimeAndItsLoginIsSaved() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
        standIn.endAccessTokens();
        Running running = cli.start(
                "run",
                "--id",
                "ci",
                "--grace",
                "1s",
                "--",
                "sh",
                "-c",
                "trap '' TERM; " + String.join(" ", Cli.codexExec()).replace("say done", "hi")
                        + "; echo deaf; while :; do sleep 0.1; done");
        running.awaitOutput("deaf");

        running.signal("TERM");
        Result result = running.result();

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(137);
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void aJobBeyondItsTimeLimitIsEnded() {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));

        Result result = cli.run("run", "--id", "ci", "--timeout", "1s", "--", "sleep", "60");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(143);
        assertThat(result.err())
                .contains("warning: the job was told to end because it took longer than its time limit of 1 s"
                        + " (--timeout); its exit code is 143");
    }

    @Test
    void aJobThatCatchesTheSignalDecidesTheExitCode() {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));
        Running running = cli.start(
                Cli.job("sh", "-c", "trap 'echo cleaned up; exit 3' TERM; echo ready; while :; do sleep 0.05; done"));
        running.awaitOutput("ready");

        running.signal("TERM");
        Result result = running.result();

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).contains("cleaned up");
    }

    @Test
    void afterTheJobHasEndedTheSaveIsStillFinished() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
        Running running = cli.start(Cli.job("sh", "-c", "kill -s TERM $PPID; exit 0"));

        Result result = running.result();

        assertThat(result.exitCode()).as(result.toString()).isIn(0, 143);
        await().until(() -> Stored.refreshToken(cli).equals(login.current().refreshToken()));
        assertThat(standIn.events(ModelCall.class)).isEmpty();
    }
}
