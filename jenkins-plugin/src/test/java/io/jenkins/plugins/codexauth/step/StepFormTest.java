package io.jenkins.plugins.codexauth.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.FreeStyleProject;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.codexauth.page.ExampleAccounts;
import java.time.Duration;
import java.util.List;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.credentialsbinding.MultiBinding;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.SnippetizerTester;
import org.jenkinsci.plugins.workflow.steps.StepConfigTester;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class StepFormTest {
    private static JenkinsRule jenkins;

    private final WithCodexAuthStep step = new WithCodexAuthStep();

    @BeforeAll
    static void credentials(JenkinsRule rule) throws Exception {
        jenkins = rule;
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(
                        CredentialsScope.GLOBAL, "openai-key", "", Secret.fromString("sk-example")));
        ExampleAccounts.pasted(rule.jenkins, "codex-ci", Duration.ofDays(1));
        ExampleAccounts.pasted(rule.jenkins, "codex-team.1", Duration.ofDays(1));
    }

    @Test
    void an_api_key_comes_back_from_the_form() throws Exception {
        step.setApiKey("openai-key");
        step.setTimeLimit("2h");
        step.setConfig("model = \"gpt-5-codex\"\n# with 'quotes' and <tags>");

        assertComesBack();
    }

    @Test
    void an_access_token_comes_back_from_the_form() throws Exception {
        step.setAccessToken("openai-key");

        assertComesBack();
    }

    @Test
    void workload_identity_comes_back_from_the_form() throws Exception {
        step.setFederationRule("fr-123");
        step.setIdentityTokenFile("/var/run/secrets/openai/token");

        assertComesBack();
    }

    @Test
    void an_account_comes_back_from_the_form() throws Exception {
        step.setAuthJson("codex-ci");
        step.setWait("15m");

        assertComesBack();
    }

    @Test
    void a_pool_comes_back_from_the_form() throws Exception {
        step.setPool("codex-team");
        step.setGive("all");

        assertComesBack();
    }

    @Test
    void a_new_form_complains_of_nothing_before_anybody_typed() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.getBuildWrappersList().add(new CodexAuthBuildWrapper(step));
        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            HtmlPage form = browser.getPage(job, "configure");
            browser.waitForBackgroundJavaScript(10_000);

            assertThat(form.querySelectorAll("select[name='_.authJson'] option"))
                    .extracting(DomNode::getTextContent)
                    .startsWith("- choose -");
            assertThat(form.querySelectorAll(".warning, .error"))
                    .extracting(DomNode::asNormalizedText)
                    .allMatch(String::isBlank);
        }
    }

    @Test
    void a_freestyle_job_keeps_its_way_to_sign_in() throws Exception {
        step.setAuthJson("codex-ci");
        step.setWait("15m");
        step.setConfig("model = \"gpt-5-codex\"");
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.getBuildWrappersList().add(new CodexAuthBuildWrapper(step));

        FreeStyleProject saved = jenkins.configRoundtrip(job);

        jenkins.assertEqualDataBoundBeans(
                step,
                saved.getBuildWrappersList().get(CodexAuthBuildWrapper.class).getSignIn());
    }

    @Test
    void a_freestyle_job_keeps_the_account_of_its_binding() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(new CodexAuthBinding("codex-ci"))));

        FreeStyleProject saved = jenkins.configRoundtrip(job);

        assertThat(saved.getBuildWrappersList().get(SecretBuildWrapper.class).getBindings())
                .extracting(MultiBinding::getCredentialsId)
                .containsExactly("codex-ci");
    }

    @Test
    void the_snippet_generator_writes_what_a_pipeline_understands() throws Exception {
        step.setAuthJson("codex-ci");
        step.setGive("all");
        step.setWait("15m");

        new SnippetizerTester(jenkins)
                .assertRoundTrip(
                        step, "withCodexAuth(authJson: 'codex-ci', give: 'all', wait: '15m') {\n    // some block\n}");
    }

    @Test
    void the_snippet_generator_leaves_the_default_out() throws Exception {
        step.setAuthJson("codex-ci");
        step.setGive("access");

        new SnippetizerTester(jenkins)
                .assertGenerateSnippet(
                        "{'stapler-class':'" + WithCodexAuthStep.class.getName()
                                + "', 'authJson':'codex-ci', 'give':'', 'wait':''}",
                        "withCodexAuth(authJson: 'codex-ci') {\n    // some block\n}",
                        null);
        assertThat(step.getGive()).isNull();
    }

    @Test
    void a_pool_without_accounts_gets_a_warning() {
        FormValidation empty = descriptor().doCheckPool(null, "codex-nobody");
        FormValidation filled = descriptor().doCheckPool(null, "codex-team");

        assertThat(empty.kind).isEqualTo(FormValidation.Kind.WARNING);
        assertThat(empty).hasMessageContaining("codex-nobody.1");
        assertThat(filled.kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(filled).hasMessageContaining("codex-team.1");
    }

    @Test
    void a_config_that_is_no_toml_is_told_before_a_build_fails() {
        assertThat(descriptor().doCheckConfig("model = ").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(descriptor().doCheckConfig("model = \"x\"").kind).isEqualTo(FormValidation.Kind.OK);
    }

    private static WithCodexAuthStep.DescriptorImpl descriptor() {
        return jenkins.jenkins.getDescriptorByType(WithCodexAuthStep.DescriptorImpl.class);
    }

    private void assertComesBack() throws Exception {
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));
    }
}
