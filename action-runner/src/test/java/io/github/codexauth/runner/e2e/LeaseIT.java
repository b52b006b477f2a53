package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One login, one job at a time. */
class LeaseIT extends OnOneMachine {
    private Login login;

    @BeforeEach
    void machineWithALogin() {
        // Too short for the next job's start, so that each job refreshes once.
        standIn.accessTokensLast(Duration.ofMinutes(8));
        login = standIn.newLogin(Duration.ofMinutes(8));
        cli.seed(login);
    }

    @AfterEach
    void noTokenWasUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void ofThirtyTwoJobsThatWantOneLoginEachHasItAloneAndAllGetIt() throws IOException {
        Path marks = folder.resolve("marks");
        // mkdir fails if another job is inside.
        String alone = "mkdir " + folder.resolve("inside") + " && echo in >> " + marks
                + " && sleep 0.05 && echo out >> " + marks + " && rmdir " + folder.resolve("inside");
        List<Running> jobs = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            jobs.add(cli.start("run", "--id", "ci", "--wait", "5m", "--", "sh", "-c", alone));
        }

        List<Result> results = jobs.stream().map(Running::result).toList();

        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.exitCode()).as(result.toString()).isZero());
        assertThat(Files.readAllLines(marks)).hasSize(64);
        assertThat(standIn.rotations()).as("each job refreshed once").isEqualTo(32);
        assertThat(results.stream().filter(result -> result.err().contains("waiting: credential 'ci' is in use by")))
                .as("all but the first were told who has it")
                .hasSizeGreaterThanOrEqualTo(31);
    }

    @Test
    void whoDoesNotWaitIsToldWhoHasItSinceWhen() {
        Running holder = cli.start(Cli.job("sh", "-c", "echo has-it; read go < " + cli.makeFifo()));
        holder.awaitOutput("has-it");

        Result refused = cli.runJob("true");

        assertThat(refused.exitCode()).isEqualTo(75);
        assertThat(refused.err())
                .containsPattern("error: credential 'ci' is in use by .* \\(pid "
                        + holder.handle().pid() + "\\) since \\d{4}-")
                .contains("hint: jobs sharing one auth.json must take turns; add --wait 15m");
        cli.openFifo();
        assertThat(holder.result().exitCode()).isZero();
    }

    @Test
    void aHolderThatIsKilledFreesItAtOnce() {
        Running holder = cli.start(Cli.job("sh", "-c", "echo has-it; sleep 300"));
        holder.awaitOutput("has-it");
        Running next = cli.start("run", "--id", "ci", "--wait", "5m", "--", "echo", "my turn");
        next.awaitOutput("waiting: ");

        holder.killEverything();

        assertThat(next.result().out()).contains("my turn");
    }

    @Test
    void ofAPoolEveryJobGetsAFreeLogin() {
        for (int i = 1; i <= 2; i++) {
            Path file =
                    cli.write("pool.json", standIn.newLogin(Duration.ofDays(9)).authJson());
            assertThat(cli.run("seed", "--id", "team-a." + i, "--seed-file", file.toString())
                            .exitCode())
                    .isZero();
        }
        String fifo = cli.makeFifo();
        Running first = cli.start("run", "--pool", "team-a", "--", "sh", "-c", "echo in; read go < " + fifo);
        first.awaitOutput("in\n");
        Result second = cli.run("run", "--pool", "team-a", "--", "true");
        Running third = cli.start("run", "--pool", "team-a", "--", "sh", "-c", "echo in; read go < " + fifo);
        third.awaitOutput("in\n");
        Running fourth = cli.start("run", "--pool", "team-a", "--wait", "1m", "--", "echo", "my turn");
        fourth.awaitOutput("waiting: ");

        assertThat(second.exitCode()).as(second.toString()).isZero();
        assertThat(cli.run("run", "--pool", "team-a", "--", "true").exitCode()).isEqualTo(75);
        cli.openFifo();
        assertThat(fourth.result().out()).contains("my turn");
        first.killEverything();
        third.killEverything();
    }
}
