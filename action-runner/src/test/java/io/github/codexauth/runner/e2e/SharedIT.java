package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several jobs at once on one login, of which none has its refresh token ({@code --shared}). */
class SharedIT extends OnOneMachine {
    private static final int JOBS = Integer.getInteger("codexauth.jobs", 6);

    @BeforeEach
    void letTheMachineShare() {
        cli.write("policy.yaml", """
                version: 1
                job-may-write-policy: true
                allow:
                  - platform: none
                credentials:
                  ci: {shared: true}
                """);
    }

    @AfterEach
    void noTokenWasEverUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"access", "nothing"})
    void jobsRunAtOnceAndOneRefreshServesThemAllWhenTheirTokensDie(String give) throws Exception {
        cli = cli.giving(give);
        Login login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
        String fifo = cli.makeFifo();
        List<Running> jobs = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            jobs.add(cli.start(
                    shared("sh", "-c", "echo ready; read x < " + fifo + "; exec codex exec --skip-git-repo-check hi")));
        }
        for (Running job : jobs) {
            job.awaitOutput("ready");
        }

        Result status = cli.run("status");
        standIn.endAccessTokens();
        assertThat(status.out()).contains("in use     no", "shared by  " + JOBS + ", the first since ");
        FileChannel open = cli.openFifo(JOBS);
        for (Running job : jobs) {
            Result result = job.result();
            assertThat(result.exitCode()).as(result.toString()).isZero();
        }
        open.close();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(standIn.events(ModelCall.class))
                .filteredOn(call -> call.credential().equals(login.current().accessToken()))
                .hasSize(JOBS);
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
        assertThat(cli.run("status", "--json").out()).contains("\"sharedBy\" : 0");
    }

    @Test
    void aKilledJobIsNoLongerCounted() throws Exception {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));
        Running job = cli.start(shared("sh", "-c", "echo ready; exec sleep 60"));
        job.awaitOutput("ready");
        job.kill();
        job.result();

        assertThat(cli.run("status").out()).doesNotContain("shared by");
    }

    @Test
    void withoutTheOperatorsWordNothingIsShared() {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));
        cli.write("policy.yaml", """
                version: 1
                job-may-write-policy: true
                allow:
                  - platform: none
                """);

        Result refused = cli.run(shared("echo", "the job ran"));

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(77);
        assertThat(refused.out()).doesNotContain("the job ran");
        assertThat(refused.err()).contains("credentials: {ci: {shared: true}}");
    }

    @Test
    void nobodySharesARefreshTokenOrAPool() {
        Result whole = cli.giving("all").run(shared("echo", "the job ran"));
        Result pool = cli.run("run", "--pool", "team", "--shared", "--", "echo", "the job ran");

        assertThat(whole.exitCode()).as(whole.toString()).isEqualTo(64);
        assertThat(whole.err()).contains("hint: give it less: --give access");
        assertThat(pool.exitCode()).as(pool.toString()).isEqualTo(64);
    }

    private static String[] shared(String... command) {
        return Stream.concat(Stream.of("run", "--id", "ci", "--shared", "--wait", "1m", "--"), Stream.of(command))
                .toArray(String[]::new);
    }
}
