package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.slaves.DumbSlave;
import hudson.tasks.Shell;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import io.jenkins.plugins.codexauth.step.CodexAuthBinding;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.credentialsbinding.impl.BindingStep;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.jenkinsci.plugins.workflow.cps.SnippetizerTester;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Keys and access tokens by {@code withCredentials}; of accounts {@link AccountBindingTest} knows. */
class BindingTest extends InJenkins {
    private static final String SHOW = "env | grep -E '^(CODEX|OPENAI)_' | grep -v _URL | sort";

    private String bound(String binding, String command) {
        return "node('agent') { withEnv(['OPENAI_FEDERATION_RULE_ID=rule']) { withCredentials([" + binding
                + "]) { sh '''" + command + "''' } } }";
    }

    @Test
    void aKeyIsTheOnlyCredentialInTheBlockAndItsHomeIsGoneAfterwards() throws Exception {
        String key = standIn.newApiKey();
        lab.text(account, key);
        WorkflowRun run = lab.success(lab.job(job, bound("codexAuth('" + account + "')", SHOW)));

        assertThat(JenkinsRule.getLog(run))
                .contains("CODEX_API_KEY=****")
                .contains("CODEX_HOME=" + onAgent("workspace/" + job + "@tmp/codex-auth/"))
                .doesNotContain("OPENAI_FEDERATION_RULE_ID")
                .doesNotContain(key);
        assertThat(onAgent("workspace/" + job + "@tmp/codex-auth")).isEmptyDirectory();
        assertThat(Lab.filesWith(Lab.folder(run), List.of(key))).isEmpty();
    }

    @Test
    void codexRunsWithAnAccessToken() throws Exception {
        String token = standIn.newAccessToken();
        lab.text(account, token);
        lab.success(lab.job(
                job,
                bound("codexAuth(credentialsId: '" + account + "', accessToken: true)", lab.codexWithoutConfig())));

        List<ModelCall> calls = standIn.events(ModelCall.class);
        assertThat(calls.get(calls.size() - 1).credential()).isEqualTo(token);
    }

    @Test
    void anAgentThatIsNotTrustedGetsNothing() throws Exception {
        lab.text(account, standIn.newApiKey());
        DumbSlave unmarked = lab.agent("unmarked-" + job);
        unmarked.getNodeProperties().clear();
        WorkflowRun run = lab.failure(lab.job(
                job,
                bound("codexAuth('" + account + "')", "touch ../ran").replace("'agent'", "'unmarked-" + job + "'")));

        jenkins.assertLogContains("agent 'unmarked-" + job + "' is not marked 'Codex credentials allowed'", run);
        assertThat(Path.of(unmarked.getRemoteFS()).resolve("workspace/ran")).doesNotExist();
    }

    @Test
    void anAccountIsNoAccessToken() throws Exception {
        freshLogin();
        WorkflowRun run = lab.failure(
                lab.job(job, bound("codexAuth(credentialsId: '" + account + "', accessToken: true)", "true")));

        jenkins.assertLogContains("is 'Codex account (auth.json)' where 'Secret text' was expected", run);
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void aFreestyleJobHasIt() throws Exception {
        String key = standIn.newApiKey();
        lab.text(account, key);
        FreeStyleProject freestyle = jenkins.createFreeStyleProject(job);
        freestyle.setAssignedNode(agent);
        freestyle.getBuildWrappersList().add(new SecretBuildWrapper(List.of(new CodexAuthBinding(account))));
        freestyle.getBuildersList().add(new Shell(SHOW));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(freestyle);

        assertThat(JenkinsRule.getLog(build)).contains("CODEX_API_KEY=****").doesNotContain(key);
        assertThat(onAgent("workspace/" + job + "@tmp/codex-auth")).isEmptyDirectory();
    }

    @Test
    void accountsAndSecretTextsAreToChooseFromForWhoeverMayConfigureTheJob() throws Exception {
        freshLogin();
        lab.text(account + "-key", standIn.newApiKey());
        FreeStyleProject freestyle = jenkins.createFreeStyleProject(job);
        CodexAuthBinding.DescriptorImpl form =
                jenkins.jenkins.getDescriptorByType(CodexAuthBinding.DescriptorImpl.class);

        assertThat(form.doFillCredentialsIdItems(freestyle))
                .extracting(option -> option.value)
                .contains(account, account + "-key");
        try (ACLContext nobody = ACL.as2(Jenkins.ANONYMOUS2)) {
            assertThat(form.doFillCredentialsIdItems(freestyle)).isEmpty();
        }
    }

    @Test
    void theSnippetGeneratorWritesIt() throws Exception {
        CodexAuthBinding binding = new CodexAuthBinding("openai-key");
        binding.setAccessToken(true);
        BindingStep step = new BindingStep(List.of(binding));

        new SnippetizerTester(jenkins)
                .assertRoundTrip(
                        step,
                        "withCredentials([codexAuth(accessToken: true, credentialsId: 'openai-key')]) {\n    // some block\n}");
    }
}
