package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.slaves.DumbSlave;
import io.github.codexauth.CredentialId;
import io.github.codexauth.standin.RealCodex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Blocks around {@code node}: they wait without an executor, and are signed in on the first agent inside. */
class WithoutAgentTest extends InJenkins {
    /** A block with options around shell commands on an agent. */
    private static String around(String options, String label, String... commands) {
        StringBuilder steps = new StringBuilder();
        for (String command : commands) {
            steps.append("    sh '''").append(command).append(" '''\n");
        }
        return "withCodexAuth(" + options + ", config: '''" + RealCodex.config(standIn) + "''') {\n  node('" + label
                + "') {\n" + steps + "  }\n}\n";
    }

    private String aroundAccount(String... commands) {
        return around("authJson: '" + account + "'", "agent", commands);
    }

    @Test
    void theFirstAgentInsideIsSignedInAndWhatItsCodexRefreshesIsStored() throws Exception {
        endedLogin();
        WorkflowRun run = lab.success(lab.job(job, aroundAccount(Lab.CODEX, "echo home=\"$CODEX_HOME\"")));

        jenkins.assertLogContains("Codex refreshed the login; it is stored as generation 2", run);
        jenkins.assertLogContains("home=" + onAgent("workspace/" + job + "@tmp/codex-auth/"), run);
        assertThat(Lab.holder(account)).isEmpty();
        assertThat(onAgent("workspace/" + job + "@tmp/codex-auth")).isEmptyDirectory();
        assertThat(Lab.filesWith(Lab.folder(run), standIn.everyTokenIssued())).isEmpty();
    }

    @Test
    void aKeyIsForTheFirstAgentInsideToo() throws Exception {
        lab.text(account, "sk-proj-of-" + account + "-0123456789");
        WorkflowRun run = lab.success(lab.job(
                job,
                around("apiKey: '" + account + "'", "agent", "echo ${#CODEX_API_KEY} characters: $CODEX_API_KEY")));

        jenkins.assertLogContains(("sk-proj-of-" + account + "-0123456789").length() + " characters: ", run);
        jenkins.assertLogNotContains("sk-proj-of-" + account, run);
    }

    @Test
    void anotherAgentInsideGetsNothingAndIsTold() throws Exception {
        freshLogin();
        lab.agent("other-" + job);
        WorkflowRun run = lab.success(lab.job(
                job,
                "withCodexAuth(authJson: '" + account
                        + "') {\n  node('agent') { sh 'echo first=\"$CODEX_HOME\"' }\n  node('other-" + job
                        + "') { sh 'echo second=\"$CODEX_HOME\"' }\n}\n"));

        assertThat(JenkinsRule.getLog(run))
                .containsPattern("(?m)^first=/.+$")
                .containsPattern("(?m)^second=$")
                .contains("this block is signed in on agent 'agent', its first agent, and nowhere else");
    }

    @Test
    void buildsWaitInJenkinsQueueAndNotOnExecutorsAndGoOneAtATime() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        String log = onAgent("workspace/turns-" + job).toString();
        WorkflowJob queued = lab.job(
                job,
                aroundAccount(
                        "echo enter $BUILD_NUMBER >> '" + log + "'", "echo leave $BUILD_NUMBER >> '" + log + "'"));
        List<WorkflowRun> builds = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            WorkflowRun build = queued.scheduleBuild2(0).waitForStart();
            Lab.awaitInQueue(build, "withCodexAuth: waiting for " + job + "-holder #1, since ");
            builds.add(build);
        }

        assertThat(agent.toComputer().countBusy()).isEqualTo(1);
        assertThat(Lab.accounts().waiting(new CredentialId(account))).hasSize(6);
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
    void aBuildThatNeedsAnExecutorNeverHoldsUpTheOneThatHasIt() throws Exception {
        freshLogin();
        lab.agent("single-" + job, 1);
        WorkflowRun holder = holder();
        WorkflowRun first = lab.job(job + "-first", around("authJson: '" + account + "'", "single-" + job, "true"))
                .scheduleBuild2(0)
                .waitForStart();
        Lab.awaitInQueue(first, "withCodexAuth: waiting for ");
        WorkflowRun onExecutor = lab.job(
                        job + "-second", block("true").replace("node('agent')", "node('single-" + job + "')"))
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("[codex-auth] waiting for", onExecutor);
        goOn();

        for (WorkflowRun run : List.of(holder, onExecutor, first)) {
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        }
    }

    @Test
    void whoeverDoesNotWantToWaitLongerLeavesTheQueueAndSaysWhoHasIt() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        WorkflowRun hasty = lab.failure(
                lab.job(job, around("authJson: '" + account + "', wait: '1s'", "agent", "touch ../ran-" + job)));

        jenkins.assertLogContains("error: credential '" + account + "' was busy for 1s; " + job + "-holder #1", hasty);
        assertThat(Lab.why(hasty)).isEmpty();
        assertThat(Lab.accounts().waiting(new CredentialId(account))).isEmpty();
        assertThat(onAgent("workspace/ran-" + job)).doesNotExist();
        goOn();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(holder));
    }

    @Test
    void anAbortedBuildThatWaitedLeavesTheQueue() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        WorkflowRun impatient =
                lab.job(job, aroundAccount("true")).scheduleBuild2(0).waitForStart();
        Lab.awaitInQueue(impatient, "withCodexAuth: waiting for ");

        impatient.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(impatient));
        assertThat(Lab.accounts().waiting(new CredentialId(account))).isEmpty();
        goOn();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(holder));
    }

    @Test
    void whatAnyAgentWouldRefuseIsRefusedBeforeTheBlockBegins() throws Exception {
        WorkflowRun run = lab.failure(lab.job(job, around("authJson: 'absent-" + job + "'", "agent", "true")));

        jenkins.assertLogContains("there is no credential 'absent-" + job + "'", run);
        jenkins.assertLogNotContains("Running on", run);
    }

    @Test
    void theFirstAgentInsideIsJudgedAndALoginThatItMayNotHaveIsFreeAgain() throws Exception {
        freshLogin();
        DumbSlave unmarked = lab.agent("unmarked-" + job);
        unmarked.getNodeProperties().clear();
        WorkflowRun run = lab.failure(
                lab.job(job, around("authJson: '" + account + "'", "unmarked-" + job, "touch ../ran-" + job)));

        jenkins.assertLogContains("agent 'unmarked-" + job + "' is not marked 'Codex credentials allowed'", run);
        assertThat(Path.of(unmarked.getRemoteFS()).resolve("workspace/ran-" + job))
                .doesNotExist();
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void aBlockInsideOfOneThatWaitsForAnAgentSharesItsLogin() throws Exception {
        freshLogin();
        String inner = "withCodexAuth(authJson: '" + account + "', wait: '1s') {";
        WorkflowRun run = lab.success(lab.job(
                job,
                "withCodexAuth(authJson: '" + account + "') { " + inner + " node('agent') { " + inner
                        + " sh 'echo home=\"$CODEX_HOME\"' } } } }"));

        assertThat(JenkinsRule.getLog(run)).containsPattern("(?m)^home=/.+$");
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void twoLoginsAreTakenTogetherSoThatOppositeOrdersDoNotLock() throws Exception {
        freshLogin();
        lab.account(account + ".other", standIn.newLogin(Duration.ofDays(9)));
        WorkflowRun holder = holder();
        String inside = " node('agent') { sh 'echo home=\"$CODEX_HOME\"' } } }";
        String one = "withCodexAuth(authJson: '" + account + "') { withCodexAuth(authJson: '" + account + ".other') {";
        String two = "withCodexAuth(authJson: '" + account + ".other') { withCodexAuth(authJson: '" + account + "') {";
        WorkflowRun there =
                lab.job(job + "-there", one + inside).scheduleBuild2(0).waitForStart();
        WorkflowRun back =
                lab.job(job + "-back", two + inside).scheduleBuild2(0).waitForStart();
        Lab.awaitInQueue(there, "withCodexAuth: waiting for ");
        Lab.awaitInQueue(back, "withCodexAuth: waiting for ");
        assertThat(Lab.holder(account + ".other")).isEmpty();
        goOn();

        for (WorkflowRun run : List.of(holder, there, back)) {
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        }
    }

    @Test
    void aDeclarativePipelineHasItAmongItsOptions() throws Exception {
        freshLogin();
        WorkflowRun run = lab.success(lab.job(
                job,
                "pipeline {\n  agent none\n  stages { stage('review') {\n    agent { label 'agent' }\n    options { withCodexAuth(authJson: '"
                        + account + "') }\n    steps { sh 'echo home=\"$CODEX_HOME\"' }\n  } }\n}\n"));

        assertThat(JenkinsRule.getLog(run)).containsPattern("(?m)^home=/.+$");
        assertThat(Lab.holder(account)).isEmpty();
    }
}
