package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.tasks.Shell;
import io.github.codexauth.CredentialId;
import io.github.codexauth.Sha256;
import io.github.codexauth.standin.RealCodex;
import io.jenkins.plugins.codexauth.step.CodexAuthBuildWrapper;
import io.jenkins.plugins.codexauth.step.WithCodexAuthStep;
import io.jenkins.plugins.codexauth.trust.TrustedAgentProperty;
import java.nio.charset.StandardCharsets;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** The build environment of Freestyle jobs is the same engine. */
class FreestyleTest extends InJenkins {
    private FreeStyleProject project(String name, WithCodexAuthStep step, String script) throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject(name);
        project.setAssignedNode(agent);
        step.setConfig(RealCodex.config(standIn));
        project.getBuildWrappersList().add(new CodexAuthBuildWrapper(step));
        project.getBuildersList().add(new Shell(script));
        return project;
    }

    private WithCodexAuthStep account() {
        WithCodexAuthStep step = new WithCodexAuthStep();
        step.setAuthJson(account);
        return step;
    }

    @Test
    void codexRefreshesTheLoginItIsStoredAndHidden() throws Exception {
        endedLogin();
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(
                project(job, account(), "#!/bin/sh -e\n" + Lab.CODEX + "\ncat \"$CODEX_HOME/auth.json\""));

        assertThat(JenkinsRule.getLog(build))
                .contains("[codex-auth] Codex refreshed the login; it is stored as generation 2")
                .contains("***");
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
        assertThat(Lab.filesWith(Lab.folder(build), standIn.everyTokenIssued())).isEmpty();
        assertThat(onAgent("workspace/" + job + "@tmp/codex-auth")).isEmptyDirectory();
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void aKeyIsGivenAndHidden() throws Exception {
        String key = standIn.newApiKey();
        lab.text(account, key);
        WithCodexAuthStep step = new WithCodexAuthStep();
        step.setApiKey(account);
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project(job, step, "echo key=$CODEX_API_KEY"));

        assertThat(JenkinsRule.getLog(build)).contains("key=***").doesNotContain(key);
    }

    @Test
    void itTakesTurnsWithPipelines() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        FreeStyleBuild build = project(job, account(), "true").scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("[codex-auth] waiting for " + job + "-holder #1", build);
        goOn();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(holder));
    }

    @Test
    void whoeverIsAbortedWhileItWaitsLeavesTheQueue() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        FreeStyleBuild build = project(job, account(), "true").scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("[codex-auth] waiting for", build);

        build.doStop();
        jenkins.waitForCompletion(build);

        assertThat(Lab.accounts().waiting(new CredentialId(account))).isEmpty();
        goOn();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(holder));
    }

    @Test
    void aBuildThatTakesTooLongIsInterruptedAndFreesTheLogin() throws Exception {
        freshLogin();
        WithCodexAuthStep step = account();
        step.setTimeLimit("2s");
        FreeStyleBuild build =
                jenkins.buildAndAssertStatus(Result.ABORTED, project(job, step, "while true; do sleep 1; done"));

        jenkins.assertLogContains("the time limit of this withCodexAuth block has passed", build);
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void aTypoInTheTimeLimitIsFoundBeforeAnythingIsTaken() throws Exception {
        freshLogin();
        WithCodexAuthStep step = account();
        step.setTimeLimit("soon");
        FreeStyleBuild build = jenkins.buildAndAssertStatus(Result.FAILURE, project(job, step, "true"));

        jenkins.assertLogContains("error: 'timeLimit' is not a duration", build);
        assertThat(Lab.accounts().peek(new CredentialId(account))).isEmpty();
        assertThat(onAgent("workspace/" + job + "@tmp/codex-auth")).doesNotExist();
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void aBuildThatHasWaitedIsJudgedAgain() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        FreeStyleBuild build =
                project(job, account(), "echo the-block-ran").scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("[codex-auth] waiting for", build);
        TrustedAgentProperty trusted = agent.getNodeProperties().get(TrustedAgentProperty.class);
        agent.getNodeProperties().remove(trusted);
        try {
            goOn();
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(build));
        } finally {
            agent.getNodeProperties().add(trusted);
        }

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(holder));
        jenkins.assertLogContains("error: agent 'agent' is not marked", build);
        jenkins.assertLogNotContains("the-block-ran", build);
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void aKeyWithDollarSignsArrivesAsItIsAndIsNowhereShown() throws Exception {
        String key = standIn.newApiKey() + "$HOME$$1";
        lab.text(account, key);
        WithCodexAuthStep step = new WithCodexAuthStep();
        step.setApiKey(account);
        FreeStyleBuild build =
                jenkins.buildAndAssertSuccess(project(job, step, "printf %s \"$CODEX_API_KEY\" | sha256sum"));

        jenkins.assertLogContains(Sha256.hex(key.getBytes(StandardCharsets.UTF_8)), build);
        assertThat(build.getSensitiveBuildVariables()).contains("CODEX_API_KEY", "CODEX_ACCESS_TOKEN");
    }
}
