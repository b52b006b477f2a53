package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.github.codexauth.CredentialId;
import io.github.codexauth.standin.Gate;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RefreshAnswer;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** The controller goes away in the middle of a block, and comes back. */
class RestartTest extends AcrossRestarts {
    @Test
    void theBlockGoesOnARefreshMeanwhileIsSavedAndNothingIsLeft() throws Throwable {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        sessions.then(rule -> {
            Lab lab = new Lab(rule, standIn);
            lab.agent("agent");
            lab.account(Lab.ACCOUNT, login);
            // The first refresh is stored before the restart, the second falls into it, the third comes after it.
            WorkflowRun run = lab.job(
                            "deploy",
                            lab.block(
                                    Lab.CODEX,
                                    "touch \"" + signal("first") + "\"; " + awaiting("down") + "; " + Lab.CODEX
                                            + "; touch \"" + signal("second") + "\"; " + awaiting("up"),
                                    "cat \"$CODEX_HOME/auth.json\"; base64 -w0 \"$CODEX_HOME/auth.json\"",
                                    Lab.CODEX))
                    .scheduleBuild2(0)
                    .waitForStart();
            rule.waitForMessage("stored as generation 2", run);
            Lab.awaitShell(rule, run, "touch ");
            standIn.endAccessTokens();
        });
        Files.createFile(signal("down"));
        Lab.await(() -> Files.exists(signal("second")));
        assertThat(standIn.rotations()).isEqualTo(2);
        sessions.then(rule -> {
            WorkflowRun run = build(rule, "deploy");
            rule.waitForMessage("stored as generation 3", run);
            Lab.await(() -> Lab.holder(Lab.ACCOUNT).equals(Optional.of("deploy #1")));
            standIn.endAccessTokens();
            Files.createFile(signal("up"));

            rule.assertBuildStatusSuccess(rule.waitForCompletion(run));

            assertThat(Lab.stored(Lab.ACCOUNT).generation()).isEqualTo(4);
            assertThat(standIn.rotations()).isEqualTo(3);
            assertThat(Lab.holder(Lab.ACCOUNT)).isEmpty();
            assertThat(Lab.filesWith(Lab.folder(run), standIn.everyTokenIssued()))
                    .isEmpty();
            assertThat(Lab.filesWith(sessions.getHome().toPath(), standIn.everyTokenIssued()))
                    .isEmpty();
            assertThat(signal("agent-work-dirs/agent/workspace/deploy@tmp/codex-auth"))
                    .isEmptyDirectory();
            assertThat(signal("codex-auth/sessions")).isEmptyDirectory();
        });
    }

    /** Makes the usual account. */
    @FunctionalInterface
    private interface Account {
        void in(Lab lab) throws Exception;
    }

    private void aBlockThatHasAccessAloneAsksForMore(Account account) throws Throwable {
        sessions.then(rule -> {
            Lab lab = new Lab(rule, standIn);
            lab.agent("agent");
            account.in(lab);
            WorkflowRun run = lab.job(
                            "deploy",
                            lab.blockWith(
                                    "authJson: '" + Lab.ACCOUNT + "'",
                                    "touch \"" + signal("first") + "\"; " + awaiting("up") + "; " + Lab.CODEX))
                    .scheduleBuild2(0)
                    .waitForStart();
            Lab.awaitShell(rule, run, "touch ");
            standIn.endAccessTokens();
        });
        sessions.then(rule -> {
            Lab.await(() -> Lab.holder(Lab.ACCOUNT).equals(Optional.of("deploy #1")));
            rule.waitForMessage("Codex may ask for access tokens again", build(rule, "deploy"));
            Files.createFile(signal("up"));

            WorkflowRun run = rule.assertBuildStatusSuccess(rule.waitForCompletion(build(rule, "deploy")));

            rule.assertLogContains("stored as generation 2", run);
            assertThat(standIn.rotations()).isEqualTo(1);
            assertThat(Lab.filesWith(sessions.getHome().toPath(), standIn.everyTokenIssued()))
                    .isEmpty();
        });
    }

    @Test
    void aBlockThatHasAccessAloneAsksForMoreAfterTheRestart() throws Throwable {
        aBlockThatHasAccessAloneAsksForMore(lab -> lab.account(Lab.ACCOUNT, standIn.newLogin(Duration.ofDays(9))));
    }

    @Test
    void aSharedLoginWhoseRefreshTheRestartCutOffIsStoredBeforeAnotherBuildRefreshesIt() throws Throwable {
        Gate gate = new Gate();
        sessions.then(rule -> {
            Lab lab = new Lab(rule, standIn);
            lab.agent("agent");
            lab.sharedAccount(Lab.ACCOUNT, standIn.newLogin(Duration.ofDays(9)));
            String options = "authJson: '" + Lab.ACCOUNT + "', shared: true";
            WorkflowRun other = lab.job(
                            "other",
                            lab.blockWith(
                                    options,
                                    "touch \"" + signal("first") + "\"; " + awaiting("up") + "; (" + Lab.CODEX
                                            + ") || true; " + awaiting("stored"),
                                    Lab.CODEX))
                    .scheduleBuild2(0)
                    .waitForStart();
            Lab.awaitShell(rule, other, "touch ");
            standIn.endAccessTokens();
            standIn.nextRefresh(new RefreshAnswer.Late(gate));
            lab.job("cut-off", lab.blockWith(options, "(" + Lab.CODEX + ") || true; " + awaiting("stored"), Lab.CODEX))
                    .scheduleBuild2(0)
                    .waitForStart();
            gate.awaitReached();
        });
        gate.open();
        Lab.await(() -> standIn.rotations() == 1);
        Files.createFile(signal("up"));
        sessions.then(rule -> {
            WorkflowRun cutOff = build(rule, "cut-off");
            rule.waitForMessage("stored as generation 2", cutOff);
            Files.createFile(signal("stored"));
            rule.assertBuildStatusSuccess(rule.waitForCompletion(build(rule, "other")));
            rule.assertBuildStatusSuccess(rule.waitForCompletion(cutOff));
            assertThat(standIn.rotations()).isEqualTo(1);
            assertThat(Lab.stored(Lab.ACCOUNT).generation()).isEqualTo(2);
            assertThat(Lab.holder(Lab.ACCOUNT)).isEmpty();
            assertThat(Lab.filesWith(sessions.getHome().toPath(), standIn.everyTokenIssued()))
                    .isEmpty();
            assertThat(signal("codex-auth/sessions")).isEmptyDirectory();
        });
    }

    @Test
    void aLoginThatAFleetKeepsIsRefreshedThereAfterTheRestart() throws Throwable {
        try (Fleet fleet = Fleet.onPostgresql()) {
            aBlockThatHasAccessAloneAsksForMore(
                    lab -> fleet.account(lab, Lab.ACCOUNT, standIn.newLogin(Duration.ofDays(9))));

            assertThat(fleet.stored(Lab.ACCOUNT).generation()).isEqualTo(2);
        }
    }

    @Test
    void theQueueKeepsItsOrderAndItsHolder() throws Throwable {
        sessions.then(rule -> {
            Lab lab = new Lab(rule, standIn);
            lab.agent("agent");
            lab.account(Lab.ACCOUNT, standIn.newLogin(Duration.ofDays(9)));
            String turn = "echo $JOB_NAME >> \"" + signal("turns") + "\"; " + awaiting("go-on");
            for (String name : List.of("first", "second", "third")) {
                WorkflowRun run =
                        lab.job(name, lab.block(turn)).scheduleBuild2(0).waitForStart();
                if (name.equals("first")) {
                    Lab.awaitShell(rule, run, "echo first");
                } else {
                    rule.waitForMessage("[codex-auth] waiting for first #1", run);
                }
            }
        });
        sessions.then(rule -> {
            Lab.await(() -> Lab.holder(Lab.ACCOUNT).equals(Optional.of("first #1")));
            Lab lab = new Lab(rule, standIn);
            WorkflowRun late = lab.job("late", lab.block("echo late >> \"" + signal("turns") + "\""))
                    .scheduleBuild2(0)
                    .waitForStart();
            rule.waitForMessage("[codex-auth] waiting for first #1", late);
            Files.createFile(signal("go-on"));
            for (String name : List.of("first", "second", "third", "late")) {
                rule.assertBuildStatusSuccess(rule.waitForCompletion(build(rule, name)));
            }
            assertThat(Files.readAllLines(signal("turns"))).containsExactly("first", "second", "third", "late");
        });
    }

    @Test
    void aBuildThatWaitsWithoutAnExecutorKeepsItsPlaceAndIsSignedInAfterwards() throws Throwable {
        sessions.then(rule -> {
            Lab lab = new Lab(rule, standIn);
            lab.agent("agent");
            lab.account(Lab.ACCOUNT, standIn.newLogin(Duration.ofDays(9)));
            WorkflowRun first = lab.job("first", lab.block("touch \"" + signal("first") + "\"; " + awaiting("go-on")))
                    .scheduleBuild2(0)
                    .waitForStart();
            Lab.awaitShell(rule, first, "touch ");
            WorkflowRun waiting = lab.job(
                            "waiting",
                            "withCodexAuth(authJson: '" + Lab.ACCOUNT
                                    + "') { node('agent') { sh 'echo home=\"$CODEX_HOME\"' } }")
                    .scheduleBuild2(0)
                    .waitForStart();
            rule.waitForMessage("[codex-auth] waiting for first #1", waiting);
        });
        sessions.then(rule -> {
            Lab.await(() -> Lab.holder(Lab.ACCOUNT).equals(Optional.of("first #1")));
            Lab.await(
                    () -> Lab.accounts().waiting(new CredentialId(Lab.ACCOUNT)).size() == 1);
            Files.createFile(signal("go-on"));

            rule.assertBuildStatusSuccess(rule.waitForCompletion(build(rule, "first")));
            WorkflowRun run = rule.assertBuildStatusSuccess(rule.waitForCompletion(build(rule, "waiting")));
            assertThat(JenkinsRule.getLog(run)).containsPattern("(?m)^home=/.+$");
            assertThat(Lab.holder(Lab.ACCOUNT)).isEmpty();
        });
    }

    @Test
    void aBlockThatWasSignedInOnItsFirstAgentGoesOnThere() throws Throwable {
        sessions.then(rule -> {
            Lab lab = new Lab(rule, standIn);
            lab.agent("agent");
            lab.account(Lab.ACCOUNT, standIn.newLogin(Duration.ofDays(9)));
            WorkflowRun run = lab.job(
                            "deploy",
                            "withCodexAuth(authJson: '" + Lab.ACCOUNT + "') { node('agent') { sh '''touch \""
                                    + signal("first") + "\"; " + awaiting("up")
                                    + "'''\n sh 'echo home=\"$CODEX_HOME\"' } }")
                    .scheduleBuild2(0)
                    .waitForStart();
            Lab.awaitShell(rule, run, "touch ");
        });
        sessions.then(rule -> {
            Lab.await(() -> Lab.holder(Lab.ACCOUNT).equals(Optional.of("deploy #1")));
            Files.createFile(signal("up"));

            WorkflowRun run = rule.assertBuildStatusSuccess(rule.waitForCompletion(build(rule, "deploy")));
            assertThat(JenkinsRule.getLog(run)).containsPattern("(?m)^home=/.+$");
            assertThat(Lab.holder(Lab.ACCOUNT)).isEmpty();
            assertThat(signal("codex-auth/sessions")).isEmptyDirectory();
        });
    }

    @Test
    void aKeyIsStillThereAndStillHidden() throws Throwable {
        String key = standIn.newApiKey();
        sessions.then(rule -> {
            Lab lab = new Lab(rule, standIn);
            lab.agent("agent");
            lab.text("openai", key);
            WorkflowRun run = lab.job(
                            "deploy",
                            lab.blockWith(
                                    "apiKey: 'openai'",
                                    "touch \"" + signal("first") + "\"; " + awaiting("up"),
                                    "echo key=$CODEX_API_KEY"))
                    .scheduleBuild2(0)
                    .waitForStart();
            Lab.awaitShell(rule, run, "touch ");
            assertThat(run.isBuilding()).isTrue();
        });
        assertThat(Lab.filesWith(sessions.getHome().toPath(), List.of(key))).isEmpty();
        Files.createFile(signal("up"));
        sessions.then(rule -> {
            WorkflowRun run = rule.assertBuildStatusSuccess(rule.waitForCompletion(build(rule, "deploy")));
            rule.assertLogContains("key=***", run);
            assertThat(Lab.filesWith(sessions.getHome().toPath(), List.of(key))).isEmpty();
        });
    }

    @Test
    void aTimeLimitThatPassesWhileTheControllerIsAwayEndsTheBlockAfterwards() throws Throwable {
        sessions.then(rule -> {
            Lab lab = new Lab(rule, standIn);
            lab.agent("agent");
            lab.account(Lab.ACCOUNT, standIn.newLogin(Duration.ofDays(9)));
            WorkflowRun run = lab.job(
                            "deploy",
                            lab.blockWith(
                                    "authJson: '" + Lab.ACCOUNT + "', timeLimit: '8s'",
                                    "touch \"" + signal("first") + "\"; " + awaiting("never")))
                    .scheduleBuild2(0)
                    .waitForStart();
            Lab.awaitShell(rule, run, "touch ");
        });
        Instant passed = Files.getLastModifiedTime(signal("first")).toInstant().plusSeconds(9);
        Lab.await(() -> Instant.now().isAfter(passed));
        sessions.then(rule -> {
            WorkflowRun run = rule.assertBuildStatus(Result.ABORTED, rule.waitForCompletion(build(rule, "deploy")));

            rule.assertLogContains("the time limit of this withCodexAuth block has passed", run);
            assertThat(Lab.holder(Lab.ACCOUNT)).isEmpty();
            Files.createFile(signal("never"));
        });
    }

    @Test
    void aBuildThatIsAbortedAfterTheRestartFreesTheLogin() throws Throwable {
        sessions.then(rule -> {
            Lab lab = new Lab(rule, standIn);
            lab.agent("agent");
            lab.account(Lab.ACCOUNT, standIn.newLogin(Duration.ofDays(9)));
            WorkflowRun run = lab.job("deploy", lab.block("touch \"" + signal("first") + "\"; " + awaiting("never")))
                    .scheduleBuild2(0)
                    .waitForStart();
            Lab.awaitShell(rule, run, "touch ");
        });
        sessions.then(rule -> {
            WorkflowRun run = build(rule, "deploy");
            Lab.await(() -> run.getExecution() != null
                    && !run.getExecution().getCurrentHeads().isEmpty());
            Lab.await(() -> Lab.holder(Lab.ACCOUNT).equals(Optional.of("deploy #1")));

            run.doStop();

            rule.assertBuildStatus(Result.ABORTED, rule.waitForCompletion(run));
            assertThat(Lab.holder(Lab.ACCOUNT)).isEmpty();
            Files.createFile(signal("never"));
        });
    }
}
