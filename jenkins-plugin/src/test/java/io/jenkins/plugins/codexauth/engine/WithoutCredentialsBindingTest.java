package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.ExtensionList;
import hudson.console.ConsoleLogFilter;
import hudson.model.FreeStyleProject;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.flow.StepListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A Jenkins of its own process without the Credentials Binding plugin, and without those that need it. */
class WithoutCredentialsBindingTest {
    @RegisterExtension
    final RealJenkinsExtension jenkins = new RealJenkinsExtension()
            .omitPlugins(
                    "credentials-binding",
                    "docker-commons",
                    "docker-workflow",
                    "pipeline-model-definition",
                    "pipeline-model-extensions");

    @Test
    void what_is_for_that_plugin_is_left_out_and_builds_run() throws Throwable {
        jenkins.then(WithoutCredentialsBindingTest::works);
    }

    private static void works(JenkinsRule rule) throws Exception {
        assertThat(Jenkins.get().getPlugin("credentials-binding")).isNull();
        assertThat(Jenkins.get().getPluginManager().getFailedPlugins())
                .extracting(failed -> failed.name)
                .isEmpty();
        assertThat(names(StepListener.class)).noneMatch(name -> name.contains("codexauth"));
        assertThat(names(ConsoleLogFilter.class)).noneMatch(name -> name.contains("codexauth"));
        rule.buildAndAssertSuccess(rule.createProject(FreeStyleProject.class));
    }

    private static List<String> names(Class<?> extensionPoint) {
        return ExtensionList.lookup(extensionPoint).stream()
                .map(extension -> extension.getClass().getName())
                .toList();
    }
}
