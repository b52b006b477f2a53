package io.jenkins.plugins.codexauth.session;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import io.github.codexauth.store.Envelope;
import io.jenkins.plugins.codexauth.page.ExampleAccounts;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class BuildSummaryTest {
    @Test
    void a_builds_page_tells_what_it_signed_in_with(JenkinsRule jenkins) throws Exception {
        ExampleAccounts account = ExampleAccounts.pasted(jenkins.jenkins, "codex-ci", Duration.ofDays(9))
                .storedBy("deploy #1");
        Envelope before = account.stored();
        Envelope after =
                account.refreshed(Duration.ofMinutes(5)).storedBy("deploy #2").stored();
        FreeStyleProject job = jenkins.createFreeStyleProject("deploy");
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);
        ExampleSessions.used(build, "a1", before, true, after);
        ExampleSessions.usedKey(build, "a2");
        build.save();
        job.doReload();

        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            String page = browser.getPage(job.getBuildByNumber(1)).asNormalizedText();

            assertThat(page)
                    .contains("signed in as codex-ci (managed auth.json, account " + after.account()
                            + ") on agent 'codex-agent'; refreshed, and stored as generation 2")
                    .contains("signed in with API key on agent 'codex-agent'");
            String api = browser.goTo(job.getBuildByNumber(1).getUrl() + "api/json", "application/json")
                    .getWebResponse()
                    .getContentAsString();
            assertThat(api)
                    .contains("\"mode\":\"managed auth.json\"", "\"account\":\"" + after.account() + "\"")
                    .contains("\"refreshed\":true", "\"generation\":2");
        }
    }
}
