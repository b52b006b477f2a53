package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.github.codexauth.CredentialId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** One login, many builds: they take turns. */
class QueueTest extends InJenkins {
    private static final int BUILDS = 20;

    @Test
    void twentyBuildsHaveTheLoginOneAtATimeInTheOrderInWhichTheyCame() throws Exception {
        endedLogin();
        WorkflowRun holder = holder();
        String log = onAgent("workspace/turns-" + job).toString();
        WorkflowJob queued = lab.job(
                job,
                block(
                        "echo enter $BUILD_NUMBER >> '" + log + "'",
                        "if [ $((BUILD_NUMBER % 5)) = 1 ]; then " + Lab.CODEX + "; fi",
                        "echo leave $BUILD_NUMBER >> '" + log + "'"));
        List<WorkflowRun> builds = new ArrayList<>();
        for (int i = 1; i <= BUILDS; i++) {
            WorkflowRun build = queued.scheduleBuild2(0).waitForStart();
            jenkins.waitForMessage("[codex-auth] waiting for", build);
            builds.add(build);
        }
        goOn();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(holder));
        List<String> expected = new ArrayList<>();
        for (WorkflowRun build : builds) {
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
            expected.add("enter " + build.getNumber());
            expected.add("leave " + build.getNumber());
        }
        assertThat(Files.readAllLines(Path.of(log))).isEqualTo(expected);
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void whoeverWaitsReadsWhoHasItAndSinceWhenAndHowManyComeBefore() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        WorkflowJob queued = lab.job(job, block("true"));
        WorkflowRun next = queued.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("[codex-auth] waiting for", next);
        WorkflowRun afterNext = queued.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("[codex-auth] waiting for", afterNext);

        assertThat(JenkinsRule.getLog(next))
                .containsPattern("\\[codex-auth\\] waiting for " + job
                        + "-holder #1, since \\d\\d:\\d\\d \\(credential '" + account + "', we are next\\)");
        assertThat(JenkinsRule.getLog(afterNext)).containsPattern("since \\d\\d:\\d\\d .*, 1 before us\\)");
        goOn();
        for (WorkflowRun run : List.of(holder, next, afterNext)) {
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        }
    }

    @Test
    void whoeverDoesNotWantToWaitLongerFailsAndSaysWhoHasIt() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        WorkflowRun hasty = lab.failure(lab.job(job, lab.blockWith("authJson: '" + account + "', wait: '1s'", "true")));

        jenkins.assertLogContains("error: credential '" + account + "' was busy for 1s; " + job + "-holder #1", hasty);
        jenkins.assertLogContains("hint: builds that share a login take turns", hasty);
        goOn();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(holder));
    }

    @Test
    void typosAreFoundBeforeTheBuildQueuesOrAnythingIsOnTheAgent() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        for (String option : List.of("wait", "timeLimit")) {
            WorkflowRun run = lab.failure(lab.job(
                    job + "-" + option, lab.blockWith("authJson: '" + account + "', " + option + ": 'soon'", "true")));

            jenkins.assertLogContains("error: '" + option + "' is not a duration", run);
            jenkins.assertLogNotContains("waiting for", run);
            assertThat(onAgent("workspace/" + job + "-" + option + "@tmp/codex-auth"))
                    .doesNotExist();
        }
        assertThat(Lab.accounts().waiting(new CredentialId(account))).isEmpty();
        goOn();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(holder));
    }

    @Test
    void anAbortedBuildFreesTheLogin() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        WorkflowRun next = lab.job(job, block("true")).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("[codex-auth] waiting for", next);

        holder.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(holder));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(next));
        assertThat(onAgent("workspace/" + job + "-holder@tmp/codex-auth")).isEmptyDirectory();
    }

    @Test
    void anAbortedBuildThatWaitedLeavesTheQueue() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        WorkflowJob queued = lab.job(job, block("true"));
        WorkflowRun impatient = queued.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("[codex-auth] waiting for", impatient);
        WorkflowRun patient = queued.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("[codex-auth] waiting for", patient);

        impatient.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(impatient));
        goOn();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(patient));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(holder));
    }

    @Test
    void aBuildThatIsKilledHardFreesTheLogin() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        WorkflowRun next = lab.job(job, block("true")).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("[codex-auth] waiting for", next);

        holder.doKill();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(next));
        goOn();
    }

    @Test
    void theHomeOfABuildThatIsKilledHardIsCollectedAtOnce() throws Exception {
        endedLogin();
        String refreshing = "touch ../started-" + job + "; until [ -e ../refresh-" + job + " ]; do sleep 0.1; done; ";
        WorkflowRun killed =
                lab.job(job, block(refreshing + Lab.CODEX)).scheduleBuild2(0).waitForStart();
        Lab.awaitShell(jenkins, killed, "touch ../started-" + job);

        killed.doKill();

        Path homes = onAgent("workspace/" + job + "@tmp/codex-auth");
        Lab.await(() -> homes.toFile().list().length == 0);
        Lab.await(() -> jenkins.jenkins
                        .getRootDir()
                        .toPath()
                        .resolve("codex-auth/sessions")
                        .toFile()
                        .list()
                        .length
                == 0);
        assertThat(Lab.stored(account).generation()).isEqualTo(1);
        Files.createFile(onAgent("workspace/refresh-" + job));
        lab.success(lab.job(job + "-next", block(Lab.CODEX)));
    }

    @Test
    void aBlockThatTakesTooLongIsInterruptedAndFreesTheLogin() throws Exception {
        endedLogin();
        WorkflowRun run = jenkins.buildAndAssertStatus(
                Result.ABORTED,
                lab.job(
                        job,
                        lab.blockWith(
                                "authJson: '" + account + "', timeLimit: '8s'",
                                Lab.CODEX,
                                "while true; do sleep 1; done")));

        jenkins.assertLogContains("the time limit of this withCodexAuth block has passed", run);
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void aTimeoutAroundTheBlockSavesWhatCodexRefreshed() throws Exception {
        endedLogin();
        jenkins.buildAndAssertStatus(
                Result.ABORTED,
                lab.job(
                        job,
                        "timeout(time: 10, unit: 'SECONDS') {\n" + block(Lab.CODEX, "while true; do sleep 1; done")
                                + "}"));

        assertThat(Lab.stored(account).generation()).isEqualTo(2);
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void everyAttemptOfARetryHasASessionOfItsOwn() throws Exception {
        freshLogin();
        WorkflowRun run = lab.success(lab.job(
                job,
                "retry(3) {\n" + block("echo home=\"$CODEX_HOME\"", "echo x >> ../tries; test $(wc -l < ../tries) = 3")
                        + "}"));

        Matcher homes = Pattern.compile("(?m)^home=(.*)$").matcher(JenkinsRule.getLog(run));
        assertThat(homes.results().map(home -> home.group(1)).distinct()).hasSize(3);
    }

    @Test
    void parallelBlocksWithOneLoginTakeTurns() throws Exception {
        freshLogin();
        String turn = "mkdir ../in-" + job + "; sleep 0.3; rmdir ../in-" + job;
        lab.success(lab.job(
                job, "parallel a: {\n" + block(turn) + "}, b: {\n" + block(turn) + "}, c: {\n" + block(turn) + "}"));
    }

    @Test
    void parallelBlocksWithLoginsOfTheirOwnRunAtOnce() throws Exception {
        freshLogin();
        lab.account(account + ".other", standIn.newLogin(java.time.Duration.ofDays(9)));
        String meet = "touch ../%s-" + job + "; until [ -e ../%s-" + job + " ]; do sleep 0.1; done";
        lab.success(lab.job(
                job,
                "parallel a: {\n" + block(String.format(meet, "a", "b")) + "}, b: {\n"
                        + lab.blockWith("authJson: '" + account + ".other'", String.format(meet, "b", "a")) + "}"));
    }

    @Test
    void aBlockInsideOfOneWithTheSameLoginSharesItsHome() throws Exception {
        freshLogin();
        String script = "node('agent') { withCodexAuth(authJson: '" + account + "') { sh 'echo home=\"$CODEX_HOME\"'\n"
                + "withCodexAuth(authJson: '" + account + "') { sh 'echo home=\"$CODEX_HOME\"' } } }";
        WorkflowRun run = lab.success(lab.job(job, script));

        Matcher homes = Pattern.compile("(?m)^home=(.*)$").matcher(JenkinsRule.getLog(run));
        assertThat(homes.results().map(home -> home.group(1)).distinct()).hasSize(1);
        jenkins.assertLogContains("the enclosing withCodexAuth block has this login already; it is shared", run);
    }

    @Test
    void aBlockInsideOfOneWithTheSameLoginDoesNotWaitForItselfThroughAnotherOne() throws Exception {
        freshLogin();
        lab.account(account + ".other", standIn.newLogin(java.time.Duration.ofDays(9)));
        WorkflowRun run = lab.failure(lab.job(
                job,
                "node('agent') { withCodexAuth(authJson: '" + account + "') { withCodexAuth(authJson: '" + account
                        + ".other') { withCodexAuth(authJson: '" + account + "', wait: '1s') { } } } }"));

        jenkins.assertLogContains(
                "an enclosing withCodexAuth block has '" + account
                        + "', and a block in between signs in with something else",
                run);
    }

    @Test
    void aBlockInsideOfOneWithAnotherLoginHasThatOne() throws Exception {
        freshLogin();
        lab.account(account + ".other", standIn.newLogin(java.time.Duration.ofDays(9)));
        String script = "node('agent') { withCodexAuth(authJson: '" + account + "') { sh 'echo home=\"$CODEX_HOME\"'\n"
                + "withCodexAuth(authJson: '" + account + ".other') { sh 'echo home=\"$CODEX_HOME\"' }\n"
                + "sh 'echo home=\"$CODEX_HOME\"' } }";
        WorkflowRun run = lab.success(lab.job(job, script));

        List<String> homes = Pattern.compile("(?m)^home=(.*)$")
                .matcher(JenkinsRule.getLog(run))
                .results()
                .map(home -> home.group(1))
                .toList();
        assertThat(homes).hasSize(3);
        assertThat(homes.get(0)).isEqualTo(homes.get(2)).isNotEqualTo(homes.get(1));
    }
}
