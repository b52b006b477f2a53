package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.github.codexauth.CredentialId;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** The controller goes away while a {@code withCredentials} block has an account, or waits for it. */
class AccountBindingRestartTest extends AcrossRestarts {
    /** A step that goes on when a file is there, beside the jobs, which outlives the controller. */
    private String awaiting(String name, String then) {
        return "sh '''touch \"" + signal("first") + "\"; " + awaiting(name) + "; " + then + " '''\n";
    }

    private static String bound(String inside) {
        return "node('agent') { withCredentials([codexAuth('" + Lab.ACCOUNT + "')]) { " + inside + " } }";
    }

    @Test
    void theBlocksCodexAsksForMoreAfterTheRestartItsTokensAreHiddenAndABlockInsideSharesTheLogin() throws Throwable {
        String show = "cat \"$CODEX_HOME/auth.json\"";
        sessions.then(rule -> {
            Lab lab = new Lab(rule, standIn);
            lab.agent("agent");
            lab.account(Lab.ACCOUNT, standIn.newLogin(Duration.ofDays(9)));
            WorkflowRun run = lab.job(
                            "deploy",
                            bound(awaiting("up", lab.codexWithoutConfig() + "; " + show) + "withEnv(['A=b']) { sh '''"
                                    + show + " ''' }\n withCodexAuth(authJson: '" + Lab.ACCOUNT
                                    + "') { sh 'echo home=\"$CODEX_HOME\"' }"))
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
            assertThat(JenkinsRule.getLog(run)).contains("***").containsPattern("(?m)^home=/.+$");
            assertThat(standIn.rotations()).isEqualTo(1);
            assertThat(Lab.holder(Lab.ACCOUNT)).isEmpty();
            assertThat(Lab.filesWith(sessions.getHome().toPath(), standIn.everyTokenIssued()))
                    .isEmpty();
            assertThat(signal("agent-work-dirs/agent/workspace/deploy@tmp/codex-auth"))
                    .isEmptyDirectory();
            assertThat(signal("codex-auth/sessions")).isEmptyDirectory();
        });
    }

    @Test
    void whoeverIsAbortedAfterTheRestartFreesTheLogin() throws Throwable {
        sessions.then(rule -> {
            Lab lab = new Lab(rule, standIn);
            lab.agent("agent");
            lab.account(Lab.ACCOUNT, standIn.newLogin(Duration.ofDays(9)));
            WorkflowRun run = lab.job("deploy", bound(awaiting("never", "")))
                    .scheduleBuild2(0)
                    .waitForStart();
            Lab.awaitShell(rule, run, "touch ");
        });
        sessions.then(rule -> {
            WorkflowRun run = build(rule, "deploy");
            rule.waitForMessage("Codex may ask for access tokens again", run);

            run.doStop();

            rule.assertBuildStatus(Result.ABORTED, rule.waitForCompletion(run));
            assertThat(Lab.holder(Lab.ACCOUNT)).isEmpty();
            assertThat(signal("codex-auth/sessions")).isEmptyDirectory();
            Files.createFile(signal("never"));
        });
    }

    @Test
    void whoeverWaitedFailsAndDoesNotWaitForItselfAtTheNextAttempt() throws Throwable {
        sessions.then(rule -> {
            Lab lab = new Lab(rule, standIn);
            lab.agent("agent");
            lab.account(Lab.ACCOUNT, standIn.newLogin(Duration.ofDays(9)));
            WorkflowRun first = lab.job("first", bound(awaiting("go-on", "")))
                    .scheduleBuild2(0)
                    .waitForStart();
            Lab.awaitShell(rule, first, "touch ");
            WorkflowRun waiting = lab.job(
                            "waiting",
                            "retry(count: 2, conditions: [nonresumable()]) { " + bound("sh 'echo home=\"$CODEX_HOME\"'")
                                    + " }")
                    .scheduleBuild2(0)
                    .waitForStart();
            rule.waitForMessage("[codex-auth] waiting for first #1", waiting);
        });
        sessions.then(rule -> {
            WorkflowRun waiting = build(rule, "waiting");
            Lab.await(() -> JenkinsRule.getLog(waiting).split("waiting for first #1", -1).length == 3);
            Lab.await(
                    () -> Lab.accounts().waiting(new CredentialId(Lab.ACCOUNT)).size() == 1);
            Files.createFile(signal("go-on"));

            rule.assertBuildStatusSuccess(rule.waitForCompletion(build(rule, "first")));
            rule.assertBuildStatusSuccess(rule.waitForCompletion(waiting));
            assertThat(JenkinsRule.getLog(waiting)).containsPattern("(?m)^home=/.+$");
            assertThat(Lab.holder(Lab.ACCOUNT)).isEmpty();
        });
    }
}
