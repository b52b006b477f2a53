package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.RefreshAnswer;
import io.github.codexauth.standin.StandIn.Event.NotGranted;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.standin.StandIn.Event.Revoked;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dead login is a recorded state, and a healthy one is never called dead. */
class HealthIT extends OnOneMachine {
    private static final String LOG_IN_AGAIN = "log in again with 'codex login'";

    @AfterEach
    void noTokenWasUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    @Nested
    class OfADeadLogin {
        @Test
        void keepaliveTellsAlthoughItsAccessTokenStillLives() {
            Login login = standIn.newLogin("acme", "bot", Duration.ofDays(3));
            cli.seed(login);
            refuse("refresh_token_reused");

            Result keepalive = cli.run("keepalive", "--id", "ci");

            assertThat(keepalive.exitCode()).as(keepalive.toString()).isEqualTo(65);
            assertThat(keepalive.err())
                    .contains("error: the login of credential 'ci' has ended and needs a new one: ", LOG_IN_AGAIN)
                    .contains("codex-auth seed --replace --id ci");
            assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
            assertThat(Stored.generation(cli)).isEqualTo(1);
        }

        @Test
        void statusTellsAndTheNextJobIsToldBeforeAnybodyIsAsked() {
            killByKeepalive();
            int asked = standIn.events(NotGranted.class).size();

            Result status = cli.run("status");
            Result json = cli.run("status", "--json");
            Result doctor = cli.run("doctor");
            Result job = cli.runJob("echo", "the job ran");
            Result restore = cli.run("restore", "--id", "ci");
            Result keepalive = cli.run("keepalive", "--id", "ci");

            assertThat(status.out()).contains("ci\n  DEAD       needs a new login: ", LOG_IN_AGAIN);
            assertThat(json.out()).contains("\"needsLogin\" : {", "\"cause\" : \"refused\"", "\"since\" : \"");
            assertThat(doctor.out() + doctor.err()).contains("the login of credential 'ci' has ended");
            for (Result refused : new Result[] {job, restore, keepalive}) {
                assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(65);
                assertThat(refused.err()).contains("has ended and needs a new one", LOG_IN_AGAIN);
            }
            assertThat(job.out()).doesNotContain("the job ran");
            assertThat(standIn.events(NotGranted.class)).hasSize(asked);
            assertThat(standIn.rotations()).isZero();
        }

        @ParameterizedTest
        @ValueSource(strings = {"refresh_token_reused", "refresh_token_expired", "refresh_token_invalidated"})
        void aJobWhoseAccessTokenHasEndedRecordsTheCode(String code) {
            cli.seed(standIn.newLogin(Duration.ofHours(-1)));
            refuse(code);

            assertThat(cli.runJob("true").exitCode()).isEqualTo(65);

            assertThat(cli.run("status", "--json").out()).contains("\"cause\" : \"" + code + "\"");
        }

        @Test
        void aNewLoginInTheJobsSeedEndsTheState() {
            Login dead = standIn.newLogin("acme", "bot", Duration.ofDays(3));
            killByKeepalive(dead);
            Path oldSeed = folder.resolve("seed.json");
            Path newSeed = cli.write(
                    "new.json",
                    standIn.newLogin("acme", "bot", Duration.ofDays(9)).authJson());

            Result withTheOldSeed = cli.run("run", "--id", "ci", "--seed-file", oldSeed.toString(), "--", "true");
            Result withANewOne = cli.run("run", "--id", "ci", "--seed-file", newSeed.toString(), "--", "echo", "ran");

            assertThat(withTheOldSeed.exitCode()).isEqualTo(65);
            assertThat(withANewOne.exitCode()).as(withANewOne.toString()).isZero();
            assertThat(withANewOne.out()).contains("ran");
            assertThat(cli.run("status").out()).doesNotContain("DEAD");
            assertThat(cli.runJob("true").exitCode()).isZero();
        }

        @Test
        void anotherAccountsLoginTakesItsPlaceByReplace() {
            killByKeepalive();
            Path other =
                    cli.write("other.json", standIn.newLogin(Duration.ofDays(9)).authJson());

            Result replaced = cli.run("seed", "--replace", "--id", "ci", "--seed-file", other.toString());

            assertThat(replaced.exitCode()).as(replaced.toString()).isZero();
            assertThat(cli.runJob("true").exitCode()).isZero();
        }

        @Test
        void keepaliveAgainAsksOnceMoreShouldTheServerHaveBeenWrong() {
            Login login = standIn.newLogin("acme", "bot", Duration.ofDays(3));
            killByKeepalive(login);

            Result stillDead = again(() -> refuse("refresh_token_invalidated"));
            Result alive = again(standIn::forgetNextRefreshes);

            assertThat(stillDead.exitCode()).as(stillDead.toString()).isEqualTo(65);
            assertThat(alive.exitCode()).as(alive.toString()).isZero();
            assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
            assertThat(cli.runJob("true").exitCode()).isZero();
        }

        @Test
        void aPoolPassesOverIt() {
            for (String id : new String[] {"team.a", "team.b"}) {
                Path seed = cli.write(
                        id + ".json", standIn.newLogin(Duration.ofDays(3)).authJson());
                cli.run("seed", "--id", id, "--seed-file", seed.toString());
            }
            refuse("refresh_token_reused");
            assertThat(cli.run("keepalive", "--id", "team.a").exitCode()).isEqualTo(65);
            standIn.forgetNextRefreshes();

            Result job = cli.run("run", "--pool", "team", "--", "true");

            assertThat(job.exitCode()).as(job.toString()).isZero();
            assertThat(job.err())
                    .contains("warning: the login of credential 'team.a' has ended", "it is passed over")
                    .contains("credential 'team.b', generation 1");
        }

        private Result again(Runnable server) {
            server.run();
            return cli.run("keepalive", "--again", "--id", "ci");
        }
    }

    @Nested
    class OfAHealthyLogin {
        @Test
        void aServerThatCannotBeReachedIsNamedAndNobodyIsToldToLogIn() {
            cli.seed(standIn.newLogin(Duration.ofHours(-1)));
            Cli offline = cli.with("CODEX_REFRESH_TOKEN_URL_OVERRIDE", "http://127.0.0.1:1/oauth/token");

            assertNotRefreshed(offline.runJob("true"), 69, "OpenAI's server for logins cannot be reached");
        }

        @Test
        void aKeepaliveThatCouldNotRefreshFailsAlthoughTheAccessTokenLasts() {
            cli.seed(standIn.newLogin(Duration.ofDays(3)));
            Cli offline = cli.with("CODEX_REFRESH_TOKEN_URL_OVERRIDE", "http://127.0.0.1:1/oauth/token");

            assertNotRefreshed(
                    offline.run("keepalive", "--id", "ci"), 69, "OpenAI's server for logins cannot be reached");
        }

        @Test
        void aMissingCaBundleIsNamedAndNobodyIsToldToLogIn() {
            cli.seed(standIn.newLogin(Duration.ofHours(-1)));
            Cli misled = cli.with("CODEX_REFRESH_TOKEN_URL_OVERRIDE", "https://127.0.0.1:1/oauth/token")
                    .with("CODEX_CA_CERTIFICATE", folder.resolve("none.pem").toString());

            Result job = misled.runJob("true");

            assertThat(job.err()).contains("error: CODEX_CA_CERTIFICATE names a CA bundle that is not there");
            assertHealthyAfter(job, 78);
        }

        @Test
        void aWorkspaceRestrictionIsNamedAndNobodyIsToldToLogIn() {
            cli.seed(standIn.newLogin(Duration.ofHours(-1)));
            Path restricted = cli.write(
                    "restricted.toml",
                    "forced_chatgpt_workspace_id = \"00000000-0000-4000-8000-000000000000\"\n"
                            + RealCodex.config(standIn));

            Result job =
                    cli.with("CODEX_AUTH_CODEX_CONFIG", restricted.toString()).runJob("true");

            assertNotRefreshed(job, 78, "allow only another workspace (forced_chatgpt_workspace_id)");
        }

        @Test
        void aCodeThatNobodyKnowsDoesNotEndIt() {
            cli.seed(standIn.newLogin(Duration.ofHours(-1)));
            refuse("something_new");

            assertNotRefreshed(cli.runJob("true"), 65, "by a code that Codex does not know");
        }

        private void assertNotRefreshed(Result result, int exitCode, String reason) {
            assertThat(result.err()).contains("error: Codex could not refresh the login of credential 'ci': ", reason);
            assertHealthyAfter(result, exitCode);
        }

        private void assertHealthyAfter(Result result, int exitCode) {
            assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
            assertThat(result.err()).doesNotContain("log in again");
            assertThat(cli.run("status").out()).doesNotContain("DEAD");
            standIn.forgetNextRefreshes();
            Result next = cli.runCodex();
            assertThat(next.exitCode()).as(next.toString()).isZero();
        }
    }

    @Nested
    class AfterAJob {
        @BeforeEach
        void thatHadTheWholeLogin() {
            cli = cli.giving("all");
        }

        @Test
        void thatLoggedOutTheLoginIsKnownToBeRevoked() {
            cli.seed(standIn.newLogin(Duration.ofDays(9)));

            Result job = cli.runJob("codex", "logout");

            assertThat(job.exitCode()).as(job.toString()).isZero();
            assertThat(standIn.events(Revoked.class)).hasSize(1);
            assertThat(job.err())
                    .contains("warning: the login of credential 'ci' has ended", "a job logged it out", LOG_IN_AGAIN);
            assertThat(cli.run("status", "--json").out()).contains("\"cause\" : \"logged_out\"");
            assertThat(cli.runJob("true").exitCode()).isEqualTo(65);
        }

        @Test
        void thatLoggedOutTheRunsPageSaysSo() throws IOException {
            cli.seed(standIn.newLogin(Duration.ofDays(9)));
            Path summary = cli.write("summary.md", "");

            Result job = cli.inGitHubActions()
                    .with("GITHUB_STEP_SUMMARY", summary.toString())
                    .runJob("codex", "logout");

            assertThat(job.exitCode()).as(job.toString()).isZero();
            assertThat(job.err()).contains("::warning title=codex-auth::the login of credential 'ci' has ended");
            assertThat(Files.readString(summary))
                    .contains(":warning: the login of credential 'ci' has ended", LOG_IN_AGAIN);
        }

        @Test
        void thatRemovedTheFileTheLoginIsAliveAndFresh() {
            Login login = standIn.newLogin(Duration.ofDays(9));
            cli.seed(login);

            Result job = cli.runJob("sh", "-c", "rm $CODEX_HOME/auth.json");

            assertThat(job.exitCode()).as(job.toString()).isZero();
            assertThat(job.err()).contains("auth.json is gone", "is alive: Codex has refreshed it after the job");
            assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
            assertThat(standIn.rotations()).isEqualTo(1);
        }

        @Test
        void thatRemovedTheFileNothingIsClaimedWithoutANetwork() {
            cli.seed(standIn.newLogin(Duration.ofDays(9)));

            Result job = cli.with("CODEX_REFRESH_TOKEN_URL_OVERRIDE", "http://127.0.0.1:1/oauth/token")
                    .runJob("sh", "-c", "rm $CODEX_HOME/auth.json");

            assertThat(job.exitCode()).as(job.toString()).isZero();
            assertThat(job.err())
                    .contains("warning: whether the login of 'ci' is still alive could not be found out")
                    .contains("codex-auth keepalive --within 30d --id ci")
                    .doesNotContain("log in again");
            assertThat(cli.run("status").out()).doesNotContain("DEAD");
            assertThat(cli.runJob("true").exitCode()).isZero();
        }

        @Test
        void whoseCodexCouldNotRefreshTheLoginIsFoundDead() {
            cli.seed(standIn.newLogin(Duration.ofDays(9)));
            standIn.endAccessTokens();
            refuse("refresh_token_invalidated");

            Result job = cli.runCodex();
            Result next = cli.runCodex();

            assertThat(job.exitCode()).as(job.toString()).isEqualTo(1);
            assertThat(job.err()).contains("warning: the login of credential 'ci' has ended", LOG_IN_AGAIN);
            assertThat(next.exitCode()).as(next.toString()).isEqualTo(65);
        }

        @Test
        void thatOnlyPrintsCodexsSentenceTheLoginIsAlive() {
            Login login = standIn.newLogin(Duration.ofDays(9));
            cli.seed(login);

            Result job = cli.runJob("echo", "YoYour access token could not be refreshed because");

            assertThat(job.exitCode()).as(job.toString()).isZero();
            assertThat(job.err()).contains("is alive: Codex has refreshed it after the job");
            assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
        }

        @Test
        void thatMovedTheFileAwayAndLinkedToItWhatCodexRefreshedThereIsStored() {
            Login login = standIn.newLogin(Duration.ofDays(9));
            cli.seed(login);
            standIn.endAccessTokens();
            Path moved = folder.resolve("work/moved.json");

            Result job = cli.runJob(
                    "sh",
                    "-c",
                    "mv $CODEX_HOME/auth.json " + moved + "; ln -s " + moved + " $CODEX_HOME/auth.json; "
                            + String.join(" ", Cli.codexExec()).replace("say done", "hi"));

            assertThat(job.exitCode()).as(job.toString()).isZero();
            assertThat(standIn.rotations()).isEqualTo(1);
            assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
            assertThat(job.err()).contains("warning: the job has moved auth.json to " + moved, "rm " + moved);
            assertThat(cli.runJob("true").exitCode()).isZero();
        }

        @Test
        void whoseLaterStepLoggedOutPersistFindsItDead() {
            cli.seed(standIn.newLogin(Duration.ofDays(9)));
            String home = TwoHalvesIT.home(cli.run("restore", "--id", "ci"));

            Result persist = cli.with("CODEX_HOME", home).run("persist");
            Result again = restoreLogOutAndPersist();

            assertThat(persist.err()).doesNotContain("has ended");
            assertThat(again.exitCode()).as(again.toString()).isZero();
            assertThat(again.err()).contains("warning: the login of credential 'ci' has ended", "a job logged it out");
            assertThat(cli.run("restore", "--id", "ci").exitCode()).isEqualTo(65);
        }

        private Result restoreLogOutAndPersist() {
            String home = TwoHalvesIT.home(cli.run("restore", "--id", "ci"));
            try {
                ProcessBuilder logout =
                        new ProcessBuilder(RealCodex.get().binary().toString(), "logout");
                logout.environment().putAll(RealCodex.get().environment(standIn, folder.resolve("home")));
                logout.environment().put("CODEX_HOME", home);
                assertThat(logout.start().waitFor()).isZero();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
            return cli.with("CODEX_HOME", home).run("persist");
        }
    }

    private void killByKeepalive() {
        killByKeepalive(standIn.newLogin(Duration.ofDays(3)));
    }

    private void killByKeepalive(Login login) {
        cli.seed(login);
        refuse("refresh_token_reused");
        Result keepalive = cli.run("keepalive", "--id", "ci");
        assertThat(keepalive.exitCode()).as(keepalive.toString()).isEqualTo(65);
        standIn.forgetNextRefreshes();
    }

    /** As often as Codex asks. */
    private void refuse(String code) {
        standIn.forgetNextRefreshes();
        for (int i = 0; i < 50; i++) {
            standIn.nextRefresh(new RefreshAnswer.Fail(401, code));
        }
    }
}
