package io.jenkins.plugins.codexauth.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.codexauth.page.ExampleAccounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.htmlunit.WebClient;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlElementUtil;
import org.htmlunit.html.HtmlFileInput;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlFormUtil;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlTextArea;
import org.htmlunit.util.WebConnectionWrapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class CredentialFormTest {
    private static final String STORE = "credentials/store/system/domain/_/";

    private static JenkinsRule jenkins;

    /** What the server answers to a page's scripts. */
    private static final class Answers extends WebConnectionWrapper {
        private final Map<String, String> bodies = new ConcurrentHashMap<>();

        Answers(WebClient browser) {
            super(browser);
        }

        @Override
        public WebResponse getResponse(WebRequest request) throws IOException {
            WebResponse response = super.getResponse(request);
            bodies.put(request.getUrl().getPath(), response.getContentAsString());
            return response;
        }

        String to(String action) {
            return bodies.entrySet().stream()
                    .filter(answer -> answer.getKey().endsWith("/" + action))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @BeforeAll
    static void start(JenkinsRule rule) {
        jenkins = rule;
    }

    @Test
    void a_pasted_auth_json_becomes_an_account() throws Exception {
        ExampleAccounts login = ExampleAccounts.loggedIn(jenkins.jenkins, "pasted", Duration.ofDays(1));
        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            HtmlPage page = newCredential(browser, "pasted");
            textArea(page).setText(login.authJsonText());

            submit(page);
        }
        assertThat(pasted("pasted")).isEqualTo(login.authJsonText());
    }

    @Test
    void a_chosen_file_is_read_into_the_form(@TempDir Path folder) throws Exception {
        ExampleAccounts login = ExampleAccounts.loggedIn(jenkins.jenkins, "chosen", Duration.ofDays(1));
        Path file = Files.writeString(folder.resolve("auth.json"), login.authJsonText());
        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            HtmlPage page = newCredential(browser, "chosen");
            HtmlFileInput input = page.querySelector(".codex-auth-choose-file");
            input.setFiles(file.toFile());
            browser.waitForBackgroundJavaScript(5_000);

            submit(page);
        }
        assertThat(pasted("chosen")).isEqualTo(login.authJsonText());
    }

    @Test
    void what_is_no_auth_json_is_refused_and_not_quoted() throws Exception {
        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            browser.setThrowExceptionOnFailingStatusCode(false);
            Answers answers = new Answers(browser);
            HtmlPage page = newCredential(browser, "refused");
            textArea(page).setText("{\"tokens\": {\"refresh_token\": \"rt_very-secret-indeed\"");
            textArea(page).fireEvent("change");
            browser.waitForBackgroundJavaScript(10_000);
            assertThat(page.asNormalizedText()).contains("the auth.json is not complete JSON");

            submit(page);
            browser.waitForBackgroundJavaScript(10_000);

            assertThat(answers.to("createCredentials"))
                    .contains("the auth.json is not complete JSON")
                    .doesNotContain("very-secret-indeed");
        }
        assertThat(Accounts.all()).extracting(account -> account.id().value()).doesNotContain("refused");
    }

    @Test
    void a_login_that_another_account_has_is_an_error_that_names_it() throws Exception {
        ExampleAccounts first = ExampleAccounts.loggedIn(jenkins.jenkins, "first", Duration.ofDays(1));
        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            HtmlPage page = newCredential(browser, "first-in-form");
            textArea(page).setText(first.authJsonText());
            submit(page);
        }
        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            HtmlPage page = newCredential(browser, "second-in-form");
            textArea(page).setText(first.authJsonText());
            textArea(page).fireEvent("change");
            browser.waitForBackgroundJavaScript(10_000);

            assertThat(page.asNormalizedText())
                    .contains("The account 'first-in-form' has this login already, and a refresh token works once");
        }
    }

    @Test
    void saving_the_form_keeps_the_login_and_shows_none_of_it() throws Exception {
        ExampleAccounts account = ExampleAccounts.pasted(jenkins.jenkins, "kept", Duration.ofDays(3))
                .storedBy("deploy/main #41")
                .refreshed(Duration.ofHours(1))
                .storedBy("deploy/main #42");
        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            browser.setThrowExceptionOnFailingStatusCode(false);
            HtmlPage page = browser.goTo(STORE + "credential/kept/");
            HtmlElementUtil.click(page.querySelector("button[data-type='credentials-update']"));
            browser.waitForBackgroundJavaScript(10_000);

            assertThat(page.asXml())
                    .contains(account.stored().account(), "deploy/main #42", "plan pro", "nobody")
                    .doesNotContain(account.secrets());
            assertThat(page.asNormalizedText())
                    .contains("Pasted: Account " + account.stored().account())
                    .doesNotContain("Use it here only");
            submit(page);
        }
        assertThat(account.account().credential().seed().orElseThrow().auth().lastRefresh())
                .isBefore(account.stored().lastRefresh());
        assertThat(account.stored().generation()).isEqualTo(2);
    }

    private static HtmlPage newCredential(JenkinsRule.WebClient browser, String id) throws Exception {
        HtmlPage page = browser.goTo(STORE);
        HtmlElementUtil.click(page.querySelector("button[data-type='credentials-add-store-item']"));
        for (DomNode kind : page.getFormByName("dialog").querySelectorAll(".jenkins-choice-list__item")) {
            if (kind.asNormalizedText().contains("Codex account")) {
                HtmlElementUtil.click((HtmlElement) kind.querySelector("input"));
            }
        }
        HtmlElementUtil.click(page.querySelector("#cr-dialog-next"));
        browser.waitForBackgroundJavaScript(10_000);
        HtmlInput field = form(page).getInputByName("_.id");
        field.setValue(id);
        return page;
    }

    private static HtmlForm form(HtmlPage page) {
        return (HtmlForm) page.getElementById("credentials-dialog-form");
    }

    private static HtmlTextArea textArea(HtmlPage page) {
        return form(page).getTextAreaByName("_.authJson");
    }

    private static void submit(HtmlPage page) throws Exception {
        HtmlFormUtil.submit(form(page));
    }

    private static String pasted(String id) {
        List<CodexAccount> found = Accounts.all().stream()
                .filter(account -> account.id().value().equals(id))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0).credential().getAuthJson().getPlainText();
    }
}
