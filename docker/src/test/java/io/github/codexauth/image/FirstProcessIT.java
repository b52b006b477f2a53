package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Gate;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RefreshAnswer;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The container's first process: signals arrive, orphans are reaped, exit codes are the job's. */
class FirstProcessIT extends InContainers {
    @Test
    void theExitCodeIsTheJobs() {
        seed(standIn.newLogin(Duration.ofDays(9)));

        assertThat(box().run(job("sh", "-c", "exit 42")).exitCode()).isEqualTo(42);
        assertThat(box().run(job("sh", "-c", "kill -KILL $$")).exitCode()).isEqualTo(137);
        assertThat(box().run(job("no-such-command")).exitCode()).isEqualTo(127);
        assertThat(box().run("run", "--wrong").exitCode()).isEqualTo(64);
    }

    @Test
    void orphansOfTheJobAreReaped() {
        seed(standIn.newLogin(Duration.ofDays(9)));

        Result result = box().run(job("bash", "-c", """
                for i in 1 2 3 4 5; do (true &) ; done
                until ! grep -l '^State:.Z' /proc/[0-9]*/status 2> /dev/null; do :; done
                cat /proc/1/comm
                """));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).endsWith("tini\n");
    }

    @Test
    void dockerStopReachesTheJobAndTheLoginThatCodexRefreshedIsSaved() {
        Login login = seedRefusedLogin();
        Running running = box().start(job(
                "bash",
                "-c",
                "trap 'echo stopping; exit 3' TERM; codex exec --skip-git-repo-check hi; echo refreshed;"
                        + " sleep 1000 & wait"));
        running.awaitOutput("refreshed");

        engine.call("stop", "--time", "10", name);
        Result result = running.result();

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(3);
        assertThat(result.out()).contains("stopping");
        assertThat(stores(login)).isTrue();
    }

    @Test
    void aJobThatIgnoresAllSignalsOfACancelledWorkflowIsKilledAndTheLoginIsSaved() {
        Login login = seedRefusedLogin();
        Running running = box().start(job(
                "bash",
                "-c",
                "trap '' INT TERM; codex exec --skip-git-repo-check hi; echo refreshed; while :; do sleep 1; done"));
        running.awaitOutput("refreshed");

        // GitHub: SIGINT, 7.5 s later SIGTERM, 2.5 s later a kill; the first one has to be enough.
        engine.call("kill", "--signal", "INT", name);
        Result result = running.result();

        assertThat(result.exitCode()).as(result.toString()).isIn(130, 137);
        assertThat(stores(login)).isTrue();
        assertThat(box().run(job("true")).exitCode()).isZero();
    }

    @Test
    void aSignalDuringARefreshWaitsForItsAnswer() {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        seed(login);
        Gate gate = new Gate();
        standIn.nextRefresh(new RefreshAnswer.Late(gate));
        Running running = box().start(job("true"));
        gate.awaitReached();

        engine.call("kill", "--signal", "TERM", name);
        gate.open();
        Result result = running.result();

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(143);
        assertThat(stores(login)).isTrue();
    }

    @Test
    void noProcessOfTheContainerShowsTheJobASecretThatWasAVariable() {
        String seed = new String(standIn.newLogin(Duration.ofDays(9)).authJson(), StandardCharsets.UTF_8);

        Result result = box().with("--env=CODEX_AUTH_JSON=" + seed, "--env=INPUT_API_KEY=" + seed)
                // The job's own variables are its own: an INPUT_ that no step of ours was given is somebody else's.
                .run(
                        job(
                                "sh",
                                "-c",
                                "for p in /proc/[0-9]*; do [ $p = /proc/$$ ] || cat $p/environ; done > environments;"
                                        + " grep -ac refresh_token environments; tr '\\0' '\\n' < environments | grep -ac ^PATH="));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out().lines().toList().get(0)).isEqualTo("0");
        assertThat(Integer.parseInt(result.out().lines().toList().get(1)))
                .as("tini, codex-auth")
                .isGreaterThanOrEqualTo(2);
        assertThat(result.err()).contains("stored the given login");
    }

    @Test
    void stdinReachesTheJob() {
        seed(standIn.newLogin(Duration.ofDays(9)));
        write("input", "from stdin\n", "rw-r--r--");

        Result result = engine.start(box().with("--interactive").command(job("cat")), folder.resolve("input"))
                .result();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo("from stdin\n");
    }

    /** The engine keeps what its terminal shows as the container's log. */
    @Test
    void whatTheTerminalOfDockerRunShowsIsFiltered() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        seed(login);

        Result result = box().with("--tty").run(job("sh", "-c", "test -t 0 && cat $CODEX_HOME/auth.json"));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("\"refresh_token\" : \"***\"");
        assertThat(result.all().contains(login.current().refreshToken()))
                .as("a token was found")
                .isFalse();
    }
}
