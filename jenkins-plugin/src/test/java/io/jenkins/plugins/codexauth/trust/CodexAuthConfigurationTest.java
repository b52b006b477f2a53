package io.jenkins.plugins.codexauth.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.model.FreeStyleProject;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.AccessDeniedException3;
import hudson.slaves.DumbSlave;
import hudson.util.FormValidation;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorRegistry;
import io.jenkins.plugins.casc.misc.Util;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import jenkins.model.Jenkins;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlElementUtil;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class CodexAuthConfigurationTest {
    private static JenkinsRule jenkins;

    private final CodexAuthConfiguration configuration = CodexAuthConfiguration.get();

    @BeforeAll
    static void start(JenkinsRule rule) {
        jenkins = rule;
    }

    @BeforeEach
    void reset() {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ)
                .everywhere()
                .to("bob"));
        configuration.setAgentLabels(null);
        configuration.setAnonymousReadAllowed(false);
    }

    @Test
    void theFormKeepsWhatWasSaved() throws Exception {
        configuration.setAgentLabels("codex && linux");
        configuration.setAnonymousReadAllowed(true);

        try (JenkinsRule.WebClient browser = jenkins.createWebClient().login("admin")) {
            jenkins.submit(browser.goTo("configureSecurity").getFormByName("config"));
        }

        assertThat(configuration.getAgentLabels()).isEqualTo("codex && linux");
        assertThat(configuration.isAnonymousReadAllowed()).isTrue();
    }

    @Test
    void theFormOfAnAgentKeepsItsProperty() throws Exception {
        DumbSlave agent = jenkins.createSlave();
        TrustedAgentProperty property = new TrustedAgentProperty();
        property.setCredentials("codex-ci team-a");
        property.setJobs("nightly\nteam");
        agent.getNodeProperties().add(property);
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .toEveryone());

        DumbSlave saved = jenkins.configRoundtrip(agent);

        assertThat(saved.getNodeProperty(TrustedAgentProperty.class))
                .extracting(TrustedAgentProperty::getCredentials, TrustedAgentProperty::jobLimit)
                .containsExactly("codex-ci team-a", Set.of("nightly", "team"));
    }

    @Test
    void configurationAsCodeReadsAndWritesEverything(@TempDir Path folder) throws Exception {
        Path yaml = Files.writeString(folder.resolve("jenkins.yaml"), """
                jenkins:
                  nodes:
                    - permanent:
                        name: "from-code"
                        remoteFS: "/tmp/from-code"
                        launcher: "inbound"
                        nodeProperties:
                          - codexAuth:
                              credentials: "codex-ci"
                              jobs: "team"
                security:
                  codexAuth:
                    agentLabels: "codex"
                    anonymousReadAllowed: true
                """);

        ConfigurationAsCode.get().configure(yaml.toString());

        assertThat(configuration.getAgentLabels()).isEqualTo("codex");
        assertThat(configuration.isAnonymousReadAllowed()).isTrue();
        assertThat(jenkins.jenkins
                        .getNode("from-code")
                        .getNodeProperty(TrustedAgentProperty.class)
                        .limit())
                .containsExactly("codex-ci");
        ConfigurationContext context = new ConfigurationContext(ConfiguratorRegistry.get());
        assertThat(Util.toYamlString(Util.getSecurityRoot(context).get("codexAuth")))
                .isEqualTo("agentLabels: \"codex\"\nanonymousReadAllowed: true\n");
        assertThat(Util.toYamlString(Util.getJenkinsRoot(context).get("nodes")))
                .contains("codexAuth:", "credentials: \"codex-ci\"", "jobs: \"team\"");
    }

    @Test
    void theCheckListsWhatWouldBeRefusedWithItsRemedy() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        DumbSlave agent = jenkins.createSlave();

        FormValidation found = foresee(job.getFullName(), agent.getNodeName());

        assertThat(found.kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(found.renderHtml())
                .contains("is not marked &#039;Codex credentials allowed&#039;")
                .contains("Manage Jenkins &gt; Nodes &gt;")
                .contains("Decided for each build");
    }

    @Test
    void theCheckSaysSoIfNothingWouldBeRefused() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        DumbSlave agent = jenkins.createSlave();
        agent.getNodeProperties().add(new TrustedAgentProperty());

        FormValidation found = foresee(job.getFullName(), agent.getNodeName());

        assertThat(found.kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(found.renderHtml()).contains("Nothing would be refused");
    }

    @Test
    void theCheckKnowsTheBuiltInNode() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();

        assertThat(foresee(job.getFullName(), "(built-in)").renderHtml()).contains("built-in node");
    }

    @Test
    void theCheckIsOnThePage() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        DumbSlave agent = jenkins.createSlave();

        try (JenkinsRule.WebClient browser = jenkins.createWebClient().login("admin")) {
            HtmlPage page = browser.goTo("configureSecurity");
            HtmlForm form = page.getFormByName("config");
            form.getInputByName("_.job").setValue(job.getFullName());
            form.getSelectByName("_.agent").setSelectedAttribute(agent.getNodeName(), true);
            HtmlElementUtil.click(
                    (HtmlElement) form.getFirstByXPath(".//button[@data-validate-button-method='foresee']"));
            browser.waitForBackgroundJavaScript(10_000);

            assertThat(page.asNormalizedText())
                    .contains("agent '" + agent.getNodeName()
                            + "' is not marked 'Codex credentials allowed'. To do: tick");
        }
    }

    @Test
    void theCheckIsForAdministrators() throws Exception {
        try (ACLContext ignored = ACL.as2(User.getById("bob", true).impersonate2())) {
            assertThatThrownBy(() -> configuration.doForesee("job", "agent"))
                    .isInstanceOf(AccessDeniedException3.class);
        }
    }

    @Test
    void theCheckTakesNoGetRequests() throws Exception {
        try (JenkinsRule.WebClient browser = jenkins.createWebClient().login("admin")) {
            browser.assertFails(configuration.getDescriptorUrl() + "/foresee?job=a&agent=b", 404);
        }
    }

    private FormValidation foresee(String job, String agent) {
        try (ACLContext ignored = ACL.as2(User.getById("admin", true).impersonate2())) {
            return configuration.doForesee(job, agent);
        }
    }
}
