package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.tasks.BuildWrapper;
import hudson.tasks.BuildWrapperDescriptor;
import hudson.tasks.Shell;
import io.github.codexauth.CredentialId;
import io.github.codexauth.standin.Login;
import io.jenkins.plugins.codexauth.step.CodexAuthBinding;
import io.jenkins.plugins.codexauth.step.CodexAuthBuildWrapper;
import io.jenkins.plugins.codexauth.step.WithCodexAuthStep;
import io.jenkins.plugins.codexauth.trust.TrustedAgentProperty;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;

/** A ChatGPT account among the bindings of a Freestyle job. */
class AccountBindingInFreestyleTest extends InJenkins {
    private FreeStyleProject project(String script, BuildWrapper... environment) throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject(job);
        project.setAssignedNode(agent);
        project.getBuildWrappersList().addAll(List.of(environment));
        project.getBuildersList().add(new Shell("#!/bin/sh -e\n" + script));
        return project;
    }

    private static SecretBuildWrapper binding(String... ids) {
        return new SecretBuildWrapper(
                Arrays.stream(ids).map(CodexAuthBinding::new).toList());
    }

    private void assertNothingIsLeft() throws Exception {
        assertThat(Lab.holder(account)).isEmpty();
        assertThat(onAgent("workspace/" + job + "@tmp/codex-auth")).isEmptyDirectory();
    }

    @Test
    void tokensThatARefreshBringsAreHiddenAndTheLoginStaysOnTheController() throws Exception {
        Login login = endedLogin();
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project(
                lab.codexWithoutConfig() + "\ncat \"$CODEX_HOME/auth.json\"\nenv | grep TOKEN_URL", binding(account)));

        assertThat(JenkinsRule.getLog(build))
                .contains("[codex-auth] Codex refreshed the login; it is stored as generation 2")
                .contains("***")
                .contains("CODEX_REFRESH_TOKEN_URL_OVERRIDE=****");
        assertThat(login.states()).hasSize(2);
        assertThat(Lab.filesWith(Lab.folder(build), standIn.everyTokenIssued())).isEmpty();
        assertThat(Lab.filesWith(onAgent(""), standIn.everyTokenIssued())).isEmpty();
        assertNothingIsLeft();
    }

    @Test
    void otherWaysToSignInThatTheAgentsOwnProcessHasDoNotReachTheBuild() throws Exception {
        freshLogin();
        FreeStyleProject project = project("env | grep of-the-agent || echo nothing", binding(account));
        project.setAssignedNode(lab.agent(
                "of-" + job,
                1,
                Map.of("CODEX_API_KEY", "sk-of-the-agent", "OPENAI_FEDERATION_RULE_ID", "rule-of-the-agent")));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project);

        assertThat(JenkinsRule.getLog(build)).contains("nothing").doesNotContain("of-the-agent");
    }

    @Test
    void itTakesTurnsAndIsJudgedAgainAfterAWait() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        FreeStyleBuild build = project("echo the-block-ran", binding(account))
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("[codex-auth] waiting for " + job + "-holder #1", build);
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
    void whoeverIsAbortedWhileItWaitsLeavesTheQueue() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        FreeStyleBuild build =
                project("true", binding(account)).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("[codex-auth] waiting for", build);

        build.doStop();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));

        assertThat(Lab.accounts().waiting(new CredentialId(account))).isEmpty();
        goOn();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(holder));
    }

    @Test
    void aBuildThatFailsAndOneThatIsAbortedFreeTheLogin() throws Exception {
        freshLogin();
        FreeStyleProject project = project("test $BUILD_NUMBER = 2\necho in-block\nsleep 3000", binding(account));
        jenkins.buildAndAssertStatus(Result.FAILURE, project);
        assertNothingIsLeft();

        FreeStyleBuild build = project.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("in-block", build);
        build.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
        assertNothingIsLeft();
    }

    @Test
    void aBuildDoesNotWaitForItselfWhicheverPartOfItsEnvironmentIsFirst() throws Exception {
        freshLogin();
        WithCodexAuthStep step = new WithCodexAuthStep();
        step.setAuthJson(account);
        CodexAuthBuildWrapper environment = new CodexAuthBuildWrapper(step);
        FreeStyleProject project = project("true");
        for (List<BuildWrapper> order : List.<List<BuildWrapper>>of(
                List.of(environment, binding(account)), List.of(binding(account), environment))) {
            project.getBuildWrappersList().replaceBy(order);
            FreeStyleBuild build = jenkins.buildAndAssertStatus(Result.FAILURE, project);

            jenkins.assertLogContains("error: this build has '" + account + "' already", build);
            Lab.await(() -> Lab.holder(account).isEmpty());
        }
    }

    @Test
    void aSecondAccountIsRefusedSinceTheLogHidesOne() throws Exception {
        freshLogin();
        lab.account(account + ".other", standIn.newLogin(Duration.ofDays(9)));
        FreeStyleBuild build =
                jenkins.buildAndAssertStatus(Result.FAILURE, project("true", binding(account, account + ".other")));

        jenkins.assertLogContains("error: this build has two codexAuth bindings with an account", build);
        Lab.await(() -> Lab.holder(account).isEmpty());
    }

    @Test
    void aBindingThatCameAfterTheLogWasOpenedGetsNoLogin() throws Exception {
        freshLogin();
        FreeStyleBuild build = jenkins.buildAndAssertStatus(
                Result.FAILURE, project("true", new BindingThatComesLate(binding(account))));

        jenkins.assertLogContains("error: the log of this build was opened before", build);
        assertThat(Lab.holder(account)).isEmpty();
    }

    /** One of which the job's configuration knows nothing when the log is opened. */
    private static final class BindingThatComesLate extends BuildWrapper {
        private final SecretBuildWrapper binding;

        BindingThatComesLate(SecretBuildWrapper binding) {
            this.binding = binding;
        }

        @Override
        public Environment setUp(AbstractBuild build, Launcher launcher, BuildListener listener)
                throws IOException, InterruptedException {
            return binding.setUp(build, launcher, listener);
        }
    }

    @TestExtension
    public static final class ComesLate extends BuildWrapperDescriptor {
        public ComesLate() {
            super(BindingThatComesLate.class);
        }

        @Override
        public boolean isApplicable(AbstractProject<?, ?> item) {
            return true;
        }
    }
}
