package io.jenkins.plugins.codexauth.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import hudson.model.FreeStyleBuild;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.NeedsLogin;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class CodexAccountsPageTest {
    private static JenkinsRule jenkins;

    @BeforeAll
    static void secured(JenkinsRule rule) {
        jenkins = rule;
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        rule.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.MANAGE, Jenkins.READ)
                .everywhere()
                .to("manager")
                .grant(Jenkins.READ)
                .everywhere()
                .to("reader"));
    }

    @Test
    void shows_each_account_with_its_login_and_no_secret() throws Exception {
        ExampleAccounts account = ExampleAccounts.pasted(jenkins.jenkins, "shown", Duration.ofDays(8))
                .storedBy("deploy/main #41")
                .refreshed(Duration.ofHours(3))
                .storedBy("deploy/main #42");

        HtmlPage page = page("admin");

        assertThat(row(page, "shown"))
                .contains("shown", "Healthy", "3 hours ago", "generation 2", "nobody now")
                .contains("Restore generation 1");
        assertThat(((DomElement) page.querySelector("[data-account='shown'] details")).getTextContent())
                .contains("by deploy/main #42", "plan pro", account.stored().account());
        assertThat(page.getWebResponse().getContentAsString()).doesNotContain(account.secrets());
    }

    @Test
    void answers_machines_by_the_same_permission_and_with_no_secret() throws Exception {
        ExampleAccounts account = ExampleAccounts.pasted(jenkins.jenkins, "asked", Duration.ofDays(8))
                .storedBy("deploy/main #41")
                .refreshed(Duration.ofHours(3))
                .storedBy("deploy/main #42");
        String api = "manage/codex-accounts/api/json";
        try (JenkinsRule.WebClient browser = jenkins.createWebClient().login("manager")) {
            String json = browser.goTo(api, "application/json").getWebResponse().getContentAsString();

            JSONObject asked = JSONObject.fromObject(json).getJSONArray("accounts").stream()
                    .map(JSONObject.class::cast)
                    .filter(each -> each.getString("name").equals("asked"))
                    .findFirst()
                    .orElseThrow();
            assertThat(asked.getString("health")).isEqualTo("HEALTHY");
            assertThat(asked.getLong("generation")).isEqualTo(2);
            assertThat(asked.getString("account")).isEqualTo(account.stored().account());
            assertThat(json).doesNotContain(account.secrets());
        }
        assertThat(status("reader", api)).isEqualTo(403);
    }

    @Test
    void shows_the_folder_of_an_account() throws Exception {
        Folder team = jenkins.createProject(Folder.class, "team");
        ExampleAccounts.pasted(team, "in-folder", Duration.ofDays(1));

        assertThat(row(page("admin"), "team/in-folder")).contains("folder team", "Pasted, no build yet");
    }

    @Test
    void tells_healthy_from_ended_and_dead_logins() throws Exception {
        ExampleAccounts.pasted(jenkins.jenkins, "ends-soon", Duration.ofDays(9));
        ExampleAccounts.pasted(jenkins.jenkins, "due", Duration.ofDays(12));
        ExampleAccounts.pasted(jenkins.jenkins, "dead", Duration.ofDays(40));

        HtmlPage page = page("admin");

        assertThat(row(page, "ends-soon")).contains("Ends soon");
        assertThat(row(page, "due")).contains("Keep-alive due");
        assertThat(row(page, "dead")).contains("Needs a new login");
    }

    @Test
    void says_since_when_and_why_a_login_is_dead_until_a_new_one_is_pasted() throws Exception {
        ExampleAccounts account = ExampleAccounts.pasted(jenkins.jenkins, "logged-out", Duration.ofDays(1))
                .storedBy("deploy #1")
                .refused(NeedsLogin.Cause.LOGGED_OUT, Instant.parse("2026-03-01T10:02:11Z"));

        HtmlPage page = page("admin");

        assertThat(row(page, "logged-out"))
                .contains("Needs a new login", "since 2026-03-01 10:02 UTC: a job logged it out", "codex login");
        assertThat(page.getWebResponse().getContentAsString()).doesNotContain(account.secrets());
        account.refreshed(Duration.ZERO).storedBy("deploy #2");
        assertThat(row(page("admin"), "logged-out")).contains("Healthy");
    }

    @Test
    void shows_who_has_an_account_and_who_waits() throws Exception {
        ExampleAccounts account = ExampleAccounts.pasted(jenkins.jenkins, "busy", Duration.ofDays(1))
                .storedBy("deploy #1");
        try (Lease lease = account.store()
                .acquire(account.id(), new Holder("nightly #7", Instant.now()), Duration.ZERO, busy -> {})) {
            assertThat(row(page("admin"), "busy")).contains("nightly #7");

            WebResponse refused = answer("admin", "goBack", "", "busy");

            assertThat(refused.getStatusCode()).isEqualTo(400);
            assertThat(refused.getContentAsString()).contains("nightly #7", "Try again when it has ended");
        }
    }

    @Test
    void names_the_builds_that_used_an_account_and_not_twice_the_one_that_has_it() throws Exception {
        ExampleAccounts account = ExampleAccounts.pasted(jenkins.jenkins, "used", Duration.ofDays(1));
        for (String job : List.of("killctl", "used-before")) {
            FreeStyleBuild build = jenkins.buildAndAssertSuccess(jenkins.createFreeStyleProject(job));
            CredentialsProvider.track(build, account.account().credential());
        }
        try (Lease lease = account.store()
                .acquire(account.id(), new Holder("killctl #1", Instant.now()), Duration.ZERO, busy -> {})) {
            assertThat(row(page("admin"), "used"))
                    .containsOnlyOnce("killctl #1")
                    .contains("last: used-before #1");
        }
    }

    @Test
    void goes_back_from_a_damaged_record() throws Exception {
        ExampleAccounts account = ExampleAccounts.pasted(jenkins.jenkins, "torn", Duration.ofDays(2))
                .storedBy("deploy #1")
                .refreshed(Duration.ofDays(1))
                .storedBy("deploy #2")
                .damaged();
        assertThat(row(page("admin"), "torn")).contains("Damaged", "not complete JSON");

        assertThat(post("admin", "goBack", "", "torn")).isEqualTo(200);

        assertThat(account.stored().generation()).isEqualTo(1);
    }

    @Test
    void forgets_a_login_whose_credential_is_gone_and_no_other() throws Exception {
        ExampleAccounts gone = ExampleAccounts.loggedIn(jenkins.jenkins, "gone", Duration.ofDays(2))
                .storedBy("deploy #1");
        ExampleAccounts there = ExampleAccounts.pasted(jenkins.jenkins, "there", Duration.ofDays(2))
                .storedBy("deploy #1");
        assertThat(page("admin").querySelector("#codex-forgotten").asNormalizedText())
                .contains("gone");

        assertThat(post("admin", "forget", "", "gone")).isEqualTo(200);
        assertThat(post("admin", "forget", "", "there")).isEqualTo(400);

        assertThat(gone.store().list()).doesNotContain(gone.id()).contains(there.id());
        assertThat(gone.store().folder(gone.id())).isEmptyDirectory();
    }

    @Test
    void lets_in_who_may_manage_jenkins_and_lets_them_change_nothing() throws Exception {
        ExampleAccounts.pasted(jenkins.jenkins, "managed", Duration.ofDays(2))
                .storedBy("deploy #1")
                .refreshed(Duration.ofDays(1))
                .storedBy("deploy #2");

        assertThat(status("reader", "manage/codex-accounts/")).isEqualTo(403);
        assertThat(status("admin", "manage/codex-accounts/")).isEqualTo(200);
        assertThat(page("admin").querySelectorAll("[data-account='managed'] .confirmation-link"))
                .hasSize(1);
        assertThat(post("reader", "goBack", "", "managed")).isEqualTo(403);
        assertThat(post("manager", "goBack", "", "managed")).isEqualTo(403);
        assertThat(post("manager", "forget", "", "managed")).isEqualTo(403);
    }

    @Test
    void shows_which_builds_asked_and_what_came_of_it() throws Exception {
        Files.writeString(jenkins.jenkins.getRootDir().toPath().resolve("codex-auth/audit.log"), """
                {"time":"2026-07-25T10:02:11Z","who":"alice","runsAs":"SYSTEM","job":"fork/<b>PR-1</b>","build":3,\
                "agent":"built-in","credential":"codex-ci","mode":"managed auth.json","verdict":"refused",\
                "reasons":["the agent is not trusted"]}
                """);

        String requests = page("admin").querySelector("#codex-requests").asNormalizedText();

        assertThat(requests)
                .contains(
                        "2026-07-25 10:02 UTC", "fork/<b>PR-1</b> #3", "alice", "refused", "the agent is not trusted");
    }

    @Test
    void shows_a_build_that_waited_as_one_request_and_as_two_if_it_was_refused_then() throws Exception {
        Files.writeString(
                jenkins.jenkins.getRootDir().toPath().resolve("codex-auth/audit.log"),
                asked("waited", 1, "allowed", "10:02")
                        + asked("turned-away", 4, "allowed", "10:03")
                        + asked("waited", 1, "allowed", "10:04")
                        + asked("turned-away", 4, "refused", "10:05"));

        String requests = page("admin").querySelector("#codex-requests").asNormalizedText();

        assertThat(requests)
                .containsOnlyOnce("waited #1")
                .contains("10:04 UTC")
                .doesNotContain("10:02 UTC")
                .containsSubsequence("turned-away #4", "refused", "turned-away #4", "allowed");
    }

    private static String asked(String job, int build, String verdict, String time) {
        return "{\"time\":\"2026-07-25T" + time + ":00Z\",\"who\":\"alice\",\"runsAs\":\"SYSTEM\",\"job\":\"" + job
                + "\",\"build\":" + build + ",\"agent\":\"codex-1\",\"credential\":\"codex-ci\","
                + "\"mode\":\"managed auth.json\",\"verdict\":\"" + verdict + "\",\"reasons\":[]}\n";
    }

    @Test
    void changes_nothing_by_a_link() throws Exception {
        assertThat(status("admin", "manage/codex-accounts/goBack?place=&id=shown"))
                .isEqualTo(405);
        assertThat(status("admin", "manage/codex-accounts/forget?place=&id=shown"))
                .isEqualTo(405);
    }

    private static HtmlPage page(String user) throws Exception {
        try (JenkinsRule.WebClient browser = jenkins.createWebClient().login(user)) {
            return browser.goTo("manage/codex-accounts/");
        }
    }

    private static String row(HtmlPage page, String account) {
        List<String> rows = page.querySelectorAll("[data-account='" + account + "']").stream()
                .map(row -> row.asNormalizedText())
                .toList();
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    private static int status(String user, String path) throws Exception {
        try (JenkinsRule.WebClient browser = quiet(user)) {
            return browser.getPage(new URL(jenkins.getURL(), path))
                    .getWebResponse()
                    .getStatusCode();
        }
    }

    private static int post(String user, String action, String place, String id) throws Exception {
        return answer(user, action, place, id).getStatusCode();
    }

    private static WebResponse answer(String user, String action, String place, String id) throws Exception {
        try (JenkinsRule.WebClient browser = quiet(user)) {
            WebRequest request = new WebRequest(
                    new URL(
                            jenkins.getURL(),
                            "manage/codex-accounts/" + action + "?place="
                                    + URLEncoder.encode(place, StandardCharsets.UTF_8) + "&id=" + id),
                    HttpMethod.POST);
            browser.addCrumb(request);
            return browser.getPage(request).getWebResponse();
        }
    }

    private static JenkinsRule.WebClient quiet(String user) throws Exception {
        JenkinsRule.WebClient browser = jenkins.createWebClient().login(user);
        browser.setThrowExceptionOnFailingStatusCode(false);
        return browser;
    }
}
