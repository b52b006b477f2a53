package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.ManagementLink;
import io.jenkins.plugins.codexauth.page.CodexAccountsLink;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A Jenkins of its own process, which has only the plugins that this one needs and not the metrics plugin. */
class WithoutMetricsTest {
    @RegisterExtension
    final RealJenkinsExtension jenkins = new RealJenkinsExtension().omitPlugins("metrics");

    @Test
    void the_plugin_works_without_the_metrics_plugin() throws Throwable {
        jenkins.then(WithoutMetricsTest::works);
    }

    private static void works(JenkinsRule rule) throws Exception {
        assertThat(Jenkins.get().getPlugin("metrics")).isNull();
        assertThat(Jenkins.get().getPluginManager().getFailedPlugins()).isEmpty();
        assertThat(ManagementLink.all().get(CodexAccountsLink.class)).isNotNull();
        assertThat(rule.createWebClient()
                        .goTo("manage/codex-accounts/api/json", "application/json")
                        .getWebResponse()
                        .getContentAsString())
                .contains("accounts");
    }
}
