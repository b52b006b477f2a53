package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A login in a volume, and the containers that use it one after another. */
class ManagedLoginIT extends InContainers {
    @Test
    void threeContainersInARowRefreshOneLoginAndEachUsesWhatTheOneBeforeSaved() {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        seed(login);

        for (int run = 1; run <= 3; run++) {
            Result result = box().run(job(SAY_DONE));
            assertThat(result.exitCode()).as(result.toString()).isZero();
            assertThat(result.out()).isEqualTo("done\n");
            assertThat(standIn.rotations()).isEqualTo(run);
            assertThat(stores(login)).isTrue();
            standIn.endAccessTokens();
        }
        assertThat(box().run("status").out()).contains("codex-ci").contains("generation 4");
    }

    @Test
    void aContainerThatIsKilledAfterARefreshLosesNothing() {
        Login login = seedRefusedLogin();
        Running killed = box().start(job(
                "sh", "-c", String.join(" ", SAY_DONE).replace("say done", "hi") + "; echo refreshed; sleep 1000"));
        killed.awaitOutput("refreshed");

        engine.call("kill", "--signal", "KILL", name);
        assertThat(killed.result().exitCode()).isEqualTo(137);
        Result next = box().run(job(SAY_DONE));

        assertThat(next.exitCode()).as(next.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(stores(login)).isTrue();
    }

    @Test
    void ofTwoContainersAtOnceTheSecondIsToldWhoIsFirstAndWaits() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        seed(login);
        Running first = box().start(job("sh", "-c", "echo has-it; sleep 1000"));
        first.awaitOutput("has-it");
        Box second = new Box(engine, name + "-2", box().options());

        Result refused = second.run(job("true"));
        Running waiting = second.start("run", "--id", "codex-ci", "--wait", "2m", "--", "echo", "had-it-then");
        waiting.awaitOutput("waiting");
        engine.call("kill", "--signal", "TERM", name);

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(75);
        assertThat(refused.err()).contains("'codex-ci' is in use by");
        assertThat(first.result().exitCode()).isEqualTo(143);
        assertThat(waiting.result().out()).isEqualTo("had-it-then\n");
    }

    @Test
    void aContainerWithSixtyFourMebibytesRunsAJob() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        seed(login);

        Result result = box().with("--memory=64m").run(job("echo", "enough"));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo("enough\n");
    }
}
