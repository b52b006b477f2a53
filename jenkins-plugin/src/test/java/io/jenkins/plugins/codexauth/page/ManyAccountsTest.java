package io.jenkins.plugins.codexauth.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.util.Secret;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.jenkins.plugins.codexauth.account.CodexAccountCredentials;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlAnchor;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The page of a controller with more accounts than one reads through, in a browser that runs no script. */
@WithJenkins
class ManyAccountsTest {
    private static final int HEALTHY = 117;

    private static JenkinsRule jenkins;

    @BeforeAll
    static void fleet(JenkinsRule rule) throws Exception {
        jenkins = rule;
        for (int i = 1; i <= HEALTHY; i++) {
            add(String.format("fleet-%03d", i), Duration.ofHours(i));
        }
        add("zz-dead", Duration.ofDays(40));
        add("zz-due", Duration.ofDays(12));
        add("aa-ends-soon", Duration.ofDays(9));
    }

    private static void add(String id, Duration age) throws Exception {
        List<Credentials> credentials = SystemCredentialsProvider.getInstance().getCredentials();
        credentials.add(new CodexAccountCredentials(
                CredentialsScope.GLOBAL,
                id,
                "",
                Secret.fromString(
                        ExampleAccounts.loggedIn(jenkins.jenkins, id, age).authJsonText())));
    }

    @Test
    void shows_what_needs_a_person_first_and_every_account_on_one_of_its_pages() throws Exception {
        HtmlPage page = open("");
        List<String> shown = new ArrayList<>(accounts(page));

        assertThat(shown).hasSize(50).startsWith("zz-dead", "zz-due", "aa-ends-soon", "fleet-001", "fleet-002");
        assertThat(page.asNormalizedText()).contains("Page 1 of 3");
        assertThat(page.querySelectorAll("a[rel='prev']")).isEmpty();
        while (page.querySelector("a[rel='next']") != null) {
            page = ((HtmlAnchor) page.querySelector("a[rel='next']")).click();
            shown.addAll(accounts(page));
        }
        assertThat(page.asNormalizedText()).contains("Page 3 of 3");
        assertThat(shown).hasSize(HEALTHY + 3).doesNotHaveDuplicates();
    }

    @Test
    void finds_accounts_by_a_part_of_their_names_and_keeps_the_search_while_turning_pages() throws Exception {
        HtmlPage page = search("FLEET-0");

        assertThat(accounts(page)).hasSize(50).allMatch(name -> name.startsWith("fleet-0"));
        HtmlPage next = ((HtmlAnchor) page.querySelector("a[rel='next']")).click();

        assertThat(accounts(next)).hasSize(49).allMatch(name -> name.startsWith("fleet-0"));
        assertThat(((HtmlInput) next.querySelector("input[name='filter']")).getValue())
                .isEqualTo("FLEET-0");
    }

    @Test
    void finds_the_account_that_a_build_has() throws Exception {
        ExampleAccounts account = ExampleAccounts.loggedIn(jenkins.jenkins, "fleet-077", Duration.ofDays(1));
        try (Lease lease = account.store()
                .acquire(account.id(), new Holder("nightly #7", Instant.now()), Duration.ZERO, busy -> {})) {
            assertThat(accounts(search("nightly"))).containsExactly("fleet-077");
        }
    }

    @Test
    void says_that_no_account_is_like_that_and_repeats_a_search_as_text() throws Exception {
        HtmlPage page = search("\"><b id='injected'>");

        assertThat(accounts(page)).isEmpty();
        assertThat(page.asNormalizedText()).contains("No account is like that", "Show all " + (HEALTHY + 3));
        assertThat(page.querySelectorAll("#injected")).isEmpty();
    }

    @Test
    void counts_how_the_accounts_do_and_shows_those_of_one_kind() throws Exception {
        DomNode counts = open("").querySelector("nav[aria-label='Accounts by health']");

        assertThat(counts.asNormalizedText())
                .containsSubsequence(
                        "All 120", "Needs a new login 1", "Keep-alive due 1", "Ends soon 1", "Healthy " + HEALTHY);
        HtmlAnchor due = (HtmlAnchor) counts.querySelector("a[href*='KEEP_ALIVE_DUE']");

        HtmlPage dueAlone = due.click();

        assertThat(accounts(dueAlone)).containsExactly("zz-due");
    }

    @Test
    void sorts_by_a_columns_heading() throws Exception {
        HtmlPage page = open("");

        HtmlPage byName = ((HtmlAnchor) page.querySelector("th > a[href='?sort=name']")).click();
        HtmlPage byExpiry = ((HtmlAnchor) page.querySelector("th > a[href='?sort=expiry']")).click();

        assertThat(accounts(byName)).startsWith("aa-ends-soon", "fleet-001", "fleet-002");
        assertThat(accounts(byExpiry)).startsWith("zz-dead", "zz-due", "aa-ends-soon", "fleet-117", "fleet-116");
        assertThat(((DomElement) byExpiry.querySelector("th[aria-sort='ascending']")).getTextContent())
                .isEqualTo("Access token");
    }

    @Test
    void takes_what_means_nothing_in_an_address_for_absent() throws Exception {
        assertThat(accounts(open("?sort=colour&health=FINE&page=-3")))
                .hasSize(50)
                .startsWith("zz-dead");
        assertThat(accounts(open("?page=99"))).hasSize(20);
    }

    @Test
    void says_little_of_a_healthy_account() throws Exception {
        HtmlPage page = open("?filter=fleet-042");

        assertThat(((DomElement) page.querySelector("[data-account='fleet-042'] [data-label='Health']"))
                        .getTextContent()
                        .strip())
                .isEqualTo("Healthy");
    }

    @Test
    void needs_neither_script_nor_style_of_its_own_in_the_page() throws Exception {
        HtmlPage page = open("?filter=fleet");

        assertThat(page.querySelectorAll(".codex-auth-search, .codex-auth-counts, #codex-accounts"))
                .hasSize(4);
        for (String inline : List.of("script", "style", "[style]", "[onclick]", "[onchange]", "[onsubmit]")) {
            assertThat(page.querySelectorAll(".codex-auth-search " + inline + ", .codex-auth-counts " + inline
                            + ", #codex-accounts " + inline))
                    .isEmpty();
        }
    }

    @Test
    void answers_machines_with_what_their_address_asks_for() throws Exception {
        assertThat(asked("")).hasSize(HEALTHY + 3).startsWith("zz-dead", "zz-due");
        assertThat(asked("?health=NEEDS_LOGIN")).containsExactly("zz-dead");
        assertThat(asked("?filter=zz-&sort=name")).containsExactly("zz-dead", "zz-due");
        assertThat(asked("?page=3")).hasSize(20);
        assertThat(asked("?page=4")).isEmpty();
    }

    private static HtmlPage search(String text) throws Exception {
        HtmlPage page = open("");
        ((HtmlInput) page.querySelector("input[name='filter']")).setValue(text);
        return ((HtmlButton) page.querySelector(".codex-auth-search button")).click();
    }

    private static HtmlPage open(String query) throws Exception {
        JenkinsRule.WebClient browser = jenkins.createWebClient().withJavaScriptEnabled(false);
        return browser.goTo("manage/codex-accounts/" + query);
    }

    private static List<String> accounts(HtmlPage page) {
        return page.querySelectorAll("#codex-accounts [data-account]").stream()
                .map(row -> ((DomElement) row).getAttribute("data-account"))
                .toList();
    }

    private static List<String> asked(String query) throws Exception {
        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            JSONArray accounts = JSONObject.fromObject(
                            browser.goTo("manage/codex-accounts/api/json" + query, "application/json")
                                    .getWebResponse()
                                    .getContentAsString())
                    .getJSONArray("accounts");
            return accounts.stream()
                    .map(account -> ((JSONObject) account).getString("name"))
                    .toList();
        }
    }
}
