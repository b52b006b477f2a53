package io.jenkins.plugins.codexauth.page;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.PageDecorator;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Holder;
import io.jenkins.plugins.codexauth.session.ExampleSessions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Makes the pictures in docs/images of the real pages, with logins that no server knows: {@code docs/images/make}. */
@WithJenkins
@EnabledIfSystemProperty(named = "codexauth.pictures", matches = ".+")
class ScreenshotsIT {
    private final Path images = Path.of(System.getProperty("codexauth.pictures", ""));

    private JenkinsRule jenkins;

    /**
     * The variables of Jenkins' dark-theme plugin, for a browser that asks for them: core has no dark theme of its own.
     */
    @TestExtension
    public static final class DarkWhenAsked extends PageDecorator {}

    @BeforeEach
    void accounts(JenkinsRule rule) throws Exception {
        jenkins = rule;
        ExampleAccounts ci = ExampleAccounts.pasted(rule.jenkins, "codex-ci", Duration.ofDays(40))
                .storedBy("deploy/main #12");
        for (int days = 30; days > 4; days -= 9) {
            ci.refreshed(Duration.ofDays(days)).storedBy("deploy/main #" + (42 - days));
        }
        Envelope before = ci.stored();
        Envelope after =
                ci.refreshed(Duration.ofMinutes(20)).storedBy("deploy #1").stored();
        FreeStyleProject deploy = rule.createFreeStyleProject("deploy");
        FreeStyleBuild build = rule.buildAndAssertSuccess(deploy);
        ExampleSessions.used(build, "a1", before, true, after);
        ExampleSessions.usedKey(build, "a2");
        build.save();
        CredentialsProvider.track(build, ci.account().credential());

        ExampleAccounts busy = ExampleAccounts.pasted(rule.jenkins, "codex-team.1", Duration.ofDays(9))
                .storedBy("review/PR-117 #3");
        hold(busy, "review/PR-118 #1");
        hold(busy, "review/PR-119 #2");
        hold(busy, "nightly/main #204");
        ExampleAccounts.pasted(rule.jenkins, "codex-team.2", Duration.ofDays(2)).storedBy("review/PR-116 #1");
        ExampleAccounts.pasted(rule.createProject(Folder.class, "docs"), "codex-docs", Duration.ofHours(2));
        ExampleAccounts.pasted(rule.jenkins, "codex-release", Duration.ofDays(35))
                .storedBy("release #8");
        ExampleAccounts.loggedIn(rule.jenkins, "codex-old", Duration.ofDays(12)).storedBy("migration #5");
        rule.createProject(WorkflowJob.class, "review");
        Files.writeString(
                rule.jenkins.getRootDir().toPath().resolve("codex-auth/audit.log"),
                asked("review/PR-118", "alice", "codex-team", "allowed", "")
                        + asked(
                                "sandbox",
                                "bob",
                                "codex-ci",
                                "refused",
                                "\"anonymous may read the job 'sandbox'\", \"agent 'shared-2' is not marked 'Codex credentials allowed'\"")
                        + asked("deploy", "timer", "codex-ci", "allowed", ""));
    }

    private static String asked(String job, String who, String credential, String verdict, String reasons) {
        return "{\"time\":\"" + Instant.now() + "\",\"who\":\"" + who + "\",\"runsAs\":\"SYSTEM\",\"job\":\"" + job
                + "\",\"build\":1,\"agent\":\"codex-agent\",\"credential\":\"" + credential
                + "\",\"mode\":\"managed auth.json\",\"verdict\":\"" + verdict + "\",\"reasons\":[" + reasons + "]}\n";
    }

    private static void hold(ExampleAccounts account, String build) {
        int before = account.store().waiting(account.id()).size()
                + (account.store().occupancy(account.id()).isPresent() ? 1 : 0);
        Thread holder = new Thread(() -> {
            try {
                account.store()
                        .acquire(
                                account.id(),
                                new Holder(build, Instant.now().minus(Duration.ofMinutes(4))),
                                Duration.ofMinutes(30),
                                busy -> {});
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        holder.setDaemon(true);
        holder.start();
        Awaitility.await()
                .until(() -> account.store().waiting(account.id()).size()
                                + (account.store().occupancy(account.id()).isPresent() ? 1 : 0)
                        > before);
    }

    @Test
    void pages(@TempDir Path profile) throws Exception {
        try (Chromium browser = Chromium.start(profile)) {
            String accounts = url("manage/codex-accounts/");
            browser.resize(1280, 900);
            browser.open(accounts);
            shoot(browser, "jenkins-accounts.png", 1280, 1600);
            browser.userAgent("dark");
            browser.open(accounts);
            shoot(browser, "jenkins-accounts-dark.png", 1280, 1600);
            browser.userAgent("light");
            browser.resize(390, 844);
            browser.open(accounts);
            shoot(browser, "jenkins-accounts-phone.png", 390, 1250);

            browser.resize(1000, 560);
            browser.open(url("job/deploy/1/"));
            shoot(browser, "jenkins-build.png", 1000, 560);

            browser.resize(1000, 500);
            browser.open(url("manage/"));
            shoot(browser, "jenkins-warning.png", 1000, 255);

            browser.resize(1000, 1150);
            browser.open(url("credentials/store/system/domain/_/credential/codex-ci/"));
            browser.run("document.querySelector(\"button[data-type='credentials-update']\").click()");
            browser.until("document.querySelector('.codex-auth-state') !== null");
            shoot(browser, "jenkins-credential.png", 1000, 1300);

            browser.resize(1000, 1250);
            browser.open(url("job/review/pipeline-syntax/"));
            browser.run(
                    "const kind = [...document.querySelectorAll('select')].find(s => [...s.options].some(o => o.text.startsWith('withCodexAuth')));"
                            + "kind.value = [...kind.options].find(o => o.text.startsWith('withCodexAuth')).value;"
                            + "kind.dispatchEvent(new Event('change', {bubbles: true}));");
            browser.until(
                    "[...document.querySelectorAll('input[name$=codexAuthWay]')].some(r => r.offsetParent !== null)");
            browser.until("document.querySelector(\"input[name='_.wait']\").offsetParent === null");
            browser.run(
                    "[...document.querySelectorAll('input[name$=codexAuthWay]')].find(r => r.value === 'authJson').click()");
            browser.until("document.querySelector(\"input[name='_.wait']\").offsetParent !== null");
            browser.until("[...document.querySelectorAll(\"select[name='_.authJson'] option\")].length > 1");
            browser.run("document.querySelector(\"input[name='_.wait']\").value = '15m'");
            browser.run(
                    "(() => { const s = document.querySelector(\"select[name='_.authJson']\"); s.value = 'codex-ci';"
                            + "s.dispatchEvent(new Event('change', {bubbles: true})); })()");
            browser.run("[...document.querySelectorAll('button, input[type=button]')]"
                    + ".find(b => (b.innerText || b.value).includes('Generate Pipeline Script')).click()");
            browser.until("[...document.querySelectorAll('textarea')].some(t => t.value.includes('withCodexAuth('))");
            browser.run("window.scrollTo(0, 0)");
            shoot(browser, "jenkins-snippet.png", 1000, 1600);
        }
    }

    private String url(String path) throws Exception {
        return jenkins.getURL() + path;
    }

    private void shoot(Chromium browser, String name, int width, int longest) throws Exception {
        int height = browser.run(
                        "Math.max(document.querySelector('.jenkins-dialog') ? innerHeight : 0," + " Math.min(" + longest
                                + ", document.querySelector('#main-panel').getBoundingClientRect().bottom + scrollY + 10))")
                .asInt();
        browser.picture(images.resolve(name), width, height);
    }
}
