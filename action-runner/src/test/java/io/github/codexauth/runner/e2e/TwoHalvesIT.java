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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code restore} and {@code persist}: the halves of run, with the job's own steps between them. */
class TwoHalvesIT extends OnOneMachine {
    private Login login;

    @BeforeEach
    void machineWithALogin() {
        login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
    }

    @AfterEach
    void noTokenWasUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    @Test
    void theStepsInBetweenUseTheLoginAndPersistStoresWhatCodexRefreshed() throws IOException {
        Path githubEnv = cli.write("github-env", "");
        String home = home(
                cli.inGitHubActions().with("GITHUB_ENV", githubEnv.toString()).run("restore", "--id", "ci"));
        standIn.endAccessTokens();
        run("CODEX_HOME=" + home + " " + codex());

        assertThat(Files.readString(githubEnv)).isEqualTo("CODEX_HOME=" + home + "\n");
        Result busy = cli.runJob("true");
        Result waited = cli.run("run", "--id", "ci", "--wait", "1s", "--", "true");
        Result persisted = cli.with("CODEX_HOME", home).run("persist", "--json");

        assertThat(busy.exitCode()).isEqualTo(75);
        assertThat(busy.err()).contains("at the latest until ");
        String unlock = "if that job is over and its persist will not come: codex-auth unlock --id ci";
        assertThat(busy.err()).contains(unlock);
        assertThat(waited.err().lines()).anyMatch(line -> line.startsWith("codex-auth: " + unlock));
        assertThat(persisted.exitCode()).as(persisted.toString()).isZero();
        assertThat(persisted.out()).contains("\"refreshed\" : true", "\"generation\" : 2");
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
        assertThat(Path.of(home)).doesNotExist();
        assertThat(cli.runJob("true").exitCode()).isZero();
    }

    @Test
    void anAccessTokenThatWouldNotLastUntilPersistIsRefreshedBefore() {
        Login brief = standIn.newLogin(Duration.ofMinutes(40));
        Path seed = cli.write("brief.json", brief.authJson());

        Path home =
                Path.of(home(cli.run("restore", "--id", "brief", "--seed-file", seed.toString(), "--timeout", "1h")));

        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(home.resolve("auth.json"))
                .content()
                .contains(brief.current().refreshToken(), brief.current().accessToken());
    }

    @Test
    void persistingTwiceOrSomewhereElseIsAnswered() {
        String home = home(cli.run("restore", "--id", "ci"));
        assertThat(cli.with("CODEX_HOME", home).run("persist").exitCode()).isZero();

        Result again = cli.with("CODEX_HOME", home).run("persist");
        Result elsewhere =
                cli.with("CODEX_HOME", folder.resolve("work").toString()).run("persist");
        Result nowhere = cli.run("persist");

        assertThat(again.exitCode()).as(again.toString()).isEqualTo(64);
        assertThat(elsewhere.exitCode()).as(elsewhere.toString()).isIn(64, 73);
        assertThat(nowhere.exitCode()).isEqualTo(64);
        assertThat(nowhere.err()).contains("CODEX_HOME is not set");
    }

    @Test
    void aRestoreThatNobodyPersistsRunsOutAndItsRefreshedLoginIsRecovered() {
        String home = home(cli.run("restore", "--id", "ci", "--timeout", "3s"));
        standIn.endAccessTokens();
        run("CODEX_HOME=" + home + " " + codex());

        Result next = cli.run("run", "--id", "ci", "--wait", "1m", "--", "true");

        assertThat(next.exitCode()).as(next.toString()).isZero();
        assertThat(next.err()).contains("had left a newer login here; it is now generation 2");
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
        Result late = cli.with("CODEX_HOME", home).run("persist");
        assertThat(late.exitCode()).as(late.toString()).isNotZero();
    }

    @Test
    void unlockEndsTheLeftLeaseThatWasShownAndNoLaterOne() {
        home(cli.run("restore", "--id", "ci"));
        Result asked = cli.run("unlock", "--id", "ci");
        String epoch = epoch(asked.err());

        assertThat(asked.exitCode()).isEqualTo(64);
        assertThat(asked.err()).contains("hint: make sure that this job is over, then: codex-auth unlock --id ci");
        assertThat(cli.run("status").out()).contains(", epoch " + epoch);
        assertThat(unlock(epoch).exitCode()).isZero();
        assertThat(unlock(epoch).err()).contains("nobody has 'ci'");
        home(cli.run("restore", "--id", "ci"));
        Result another = unlock(epoch);
        assertThat(another.exitCode()).as(another.toString()).isEqualTo(75);
        assertThat(another.err()).contains("is in use by", "and not the one that was meant");
        assertThat(unlock(epoch(another.err())).exitCode()).isZero();
        assertThat(cli.runJob("true").exitCode()).isZero();
        assertThat(unlock("the-first").exitCode()).isEqualTo(64);
    }

    @Test
    void unlockLeavesALivingProcessItsLeaseAndSaysHowItEnds() {
        Running living = cli.start(Cli.job("sh", "-c", "echo has-it; read go < " + cli.makeFifo()));
        living.awaitOutput("has-it");

        Result refused = unlock(epoch(cli.run("unlock", "--id", "ci").err()));

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(75);
        assertThat(refused.err()).contains("hint: its process lives, and frees it when it ends");
        cli.openFifo();
        assertThat(living.result().exitCode()).isZero();
    }

    private Result unlock(String epoch) {
        return cli.run("unlock", "--id", "ci", "--epoch", epoch);
    }

    private static String epoch(String said) {
        return said.replaceAll("(?s).*--epoch (\\d+).*", "$1");
    }

    private String codex() {
        return "CODEX_REFRESH_TOKEN_URL_OVERRIDE=" + standIn.tokenUrl() + " "
                + String.join(" ", Cli.codexExec())
                        .replace("say done", "hi")
                        .replaceFirst(
                                "^codex",
                                io.github.codexauth.standin.RealCodex.get()
                                        .binary()
                                        .toString());
    }

    private void run(String script) {
        try {
            Process process = new ProcessBuilder("sh", "-c", script)
                    .directory(folder.resolve("work").toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static String home(Result restored) {
        assertThat(restored.exitCode()).as(restored.toString()).isZero();
        return restored.out().replaceAll("(?s).*export CODEX_HOME='([^']+)'.*", "$1");
    }
}
