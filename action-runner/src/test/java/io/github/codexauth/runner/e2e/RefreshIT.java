package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.provider.ValueSource;

/** What Codex refreshes is stored, whenever it refreshes and however the job ends. */
@ParameterizedClass(name = "--give {0}")
@ValueSource(strings = {"access", "all"})
class RefreshIT extends OnOneMachine {
    /** Too short for any job's start, and long enough for Codex not to refresh by itself. */
    private static final Duration SHORT = Duration.ofMinutes(8);

    @Parameter
    private String give;

    @BeforeEach
    void giveThatMuch() {
        cli = cli.giving(give);
    }

    @AfterEach
    void noTokenWasEverUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    @Test
    void anEndedAccessTokenIsRefreshedOnceBeforeTheJobAndStored() {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        cli.seed(login);

        Result first = cli.runCodex();
        Result second = cli.runCodex();

        assertThat(first.exitCode()).as(first.toString()).isZero();
        assertThat(second.exitCode()).as(second.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(first.err()).contains("Codex refreshed the login; it is stored as generation 2 of 'ci'");
        assertThat(standIn.events(ModelCall.class))
                .extracting(ModelCall::credential)
                .containsOnly(login.current().accessToken());
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 5, 6, 7})
    void minutesBeforeItsEndAnAccessTokenIsStillRefreshedExactlyOnce(int minutesLeft) {
        Login login = standIn.newLogin(Duration.ofMinutes(minutesLeft).plusSeconds(30));
        cli.seed(login);

        Result result = cli.runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void aRefreshInTheMiddleOfTheJobIsStored() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
        standIn.endAccessTokens();

        Result result = cli.runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void aRefreshIsStoredWhileTheJobIsStillRunning() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
        standIn.endAccessTokens();

        Running running = cli.start(Cli.job(
                "sh",
                "-c",
                String.join(" ", Cli.codexExec()).replace("say done", "hi") + "; echo codex-is-over; sleep 60"));
        running.awaitOutput("codex-is-over");
        running.awaitOutput("stored as generation 2");

        assertThat(running.isAlive()).isTrue();
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
        running.signal("TERM");
        running.result();
    }

    @Test
    void aJobThatFailsAfterARefreshKeepsItsExitCodeAndTheRefreshedLogin() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
        standIn.endAccessTokens();

        Result result =
                cli.runJob("sh", "-c", String.join(" ", Cli.codexExec()).replace("say done", "hi") + "; exit 42");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(42);
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @ParameterizedTest
    @ValueSource(strings = {"refresh_token_reused", "refresh_token_expired", "refresh_token_invalidated"})
    void aDeadLoginIsNamedBeforeTheJobStarts(String code) {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        cli.seed(login);
        standIn.nextRefresh(new RefreshAnswer.Fail(401, code));
        standIn.nextRefresh(new RefreshAnswer.Fail(401, code));

        Result result = cli.runJob("echo", "the job ran");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(65);
        assertThat(result.out()).doesNotContain("the job ran");
        assertThat(result.err())
                .contains("error: the login of credential 'ci' has ended", "codex-auth seed --replace --id ci");
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void aLiveLoginThatTheServerWillNotRefreshStillServesAShortJob() {
        Login login = standIn.newLogin(SHORT);
        cli.seed(login);
        standIn.nextRefresh(new RefreshAnswer.Fail(500, "server_error"));
        standIn.nextRefresh(new RefreshAnswer.Fail(500, "server_error"));

        Result result = cli.runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).contains("warning: Codex could not refresh the login early");
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void threeJobsInARowHandTheLoginOn() {
        standIn.accessTokensLast(SHORT);
        Login login = standIn.newLogin(SHORT);
        cli.seed(login);

        for (int i = 0; i < 3; i++) {
            Result result = cli.runJob("true");
            assertThat(result.err()).as(result.toString()).contains("stored as generation " + (i + 2));
            assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
        }

        assertThat(standIn.rotations()).isEqualTo(3);
    }
}
