package io.jenkins.plugins.codexauth.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import io.github.codexauth.store.NeedsLogin;
import io.jenkins.plugins.codexauth.page.LoginMonitor.Problem;
import io.jenkins.plugins.codexauth.session.ExampleSessions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class LoginMonitorTest {
    private static JenkinsRule jenkins;

    private final Later clock = new Later();
    private final LoginMonitor monitor = new LoginMonitor(clock);

    /** The present, moved by tests. */
    private static final class Later extends Clock {
        private Duration passed = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().plus(passed);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeAll
    static void start(JenkinsRule rule) {
        jenkins = rule;
    }

    @AfterEach
    void withoutAccounts() throws Exception {
        SystemCredentialsProvider.getInstance().getCredentials().clear();
        SystemCredentialsProvider.getInstance().save();
        ExampleSessions.forget("0123456789abcdef");
    }

    @Test
    void is_quiet_while_logins_are_used() throws Exception {
        ExampleAccounts.pasted(jenkins.jenkins, "used", Duration.ofDays(3)).storedBy("deploy #1");

        assertThat(monitor.isActivated()).isFalse();
    }

    @Test
    void warns_when_an_access_token_has_ended_and_no_build_came_for_a_week() throws Exception {
        ExampleAccounts.pasted(jenkins.jenkins, "idle", Duration.ofDays(3)).storedBy("deploy #1");
        assertThat(monitor.isActivated()).isFalse();

        clock.passed = Duration.ofDays(8);

        assertThat(monitor.getProblems()).extracting(Problem::account).containsExactly("idle");
        assertThat(monitor.getProblems().get(0).what()).contains("Last refreshed 11 days ago", "ended 24 hours ago");
        assertThat(monitor.getProblems().get(0).advice()).contains("Run a job");
    }

    @Test
    void asks_for_a_new_login_when_nobody_came_for_a_month() throws Exception {
        ExampleAccounts.pasted(jenkins.jenkins, "dead", Duration.ofDays(3));

        clock.passed = Duration.ofDays(30);

        assertThat(monitor.getProblems().get(0).advice()).contains("codex login");
    }

    @Test
    void says_since_when_and_why_a_login_is_dead_although_its_access_token_lasts() throws Exception {
        ExampleAccounts.pasted(jenkins.jenkins, "refused", Duration.ofDays(1))
                .storedBy("deploy #1")
                .refused(NeedsLogin.Cause.REFRESH_TOKEN_REUSED, Instant.parse("2026-03-01T10:02:11Z"));

        assertThat(monitor.getProblems()).extracting(Problem::account).containsExactly("refused");
        assertThat(monitor.getProblems().get(0).what())
                .contains("Needs a new login since 2026-03-01 10:02 UTC: its refresh token was used already")
                .contains("refresh_token_reused");
        assertThat(monitor.getProblems().get(0).advice()).contains("codex login");
    }

    @Test
    void warns_of_a_damaged_record() throws Exception {
        ExampleAccounts.pasted(jenkins.jenkins, "torn", Duration.ofDays(1))
                .storedBy("deploy #1")
                .damaged();

        assertThat(monitor.getProblems()).extracting(Problem::account).containsExactly("torn");
        assertThat(monitor.getProblems().get(0).what()).contains("damaged");
    }

    @Test
    void warns_of_a_login_on_an_agent_that_is_away() throws Exception {
        ExampleAccounts.pasted(jenkins.jenkins, "away", Duration.ofDays(1)).storedBy("deploy #7");
        ExampleSessions.leftBehind("0123456789abcdef", "away", "build-03");

        assertThat(monitor.getProblems()).extracting(Problem::account).containsExactly("away");
        assertThat(monitor.getProblems().get(0).what()).contains("build-03", "deploy #7");
    }

    @Test
    void tells_administrators_on_the_manage_page() throws Exception {
        ExampleAccounts account = ExampleAccounts.pasted(jenkins.jenkins, "told", Duration.ofDays(20));
        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            String page = browser.goTo("manage/").getWebResponse().getContentAsString();

            assertThat(page).contains("Codex accounts that need you", "told", "manage/codex-accounts/");
            assertThat(List.of(account.secrets())).noneMatch(page::contains);
        }
    }
}
