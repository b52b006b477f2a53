package io.jenkins.plugins.codexauth.benchmark;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.FreeStyleBuild;
import hudson.util.Secret;
import io.github.codexauth.CredentialId;
import io.github.codexauth.login.Seed;
import io.github.codexauth.standin.Login;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.account.CodexAccountCredentials;
import io.jenkins.plugins.codexauth.engine.Lab;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** How long a build's look for its account takes, and the page, on controllers with 1, 100 and 1,000 accounts. */
@WithJenkins
class AccountsAtScale {
    private static final int TIMES = 40;
    private static final int POOL = 10;

    private final PrintStream out;

    AccountsAtScale() throws IOException {
        out = new PrintStream(
                Files.newOutputStream(Path.of("target/accounts-at-scale.md")), true, StandardCharsets.UTF_8);
    }

    @Test
    void measure(JenkinsRule jenkins) throws Exception {
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(jenkins.createFreeStyleProject("job"));
        out.printf("## Accounts on one controller, median of %d%n%n", TIMES);
        out.println("| accounts | a build finds one | a pool of " + POOL + " | the page | its API |");
        out.println("|---:|---:|---:|---:|---:|");
        for (int i = 0; i < POOL; i++) {
            add("pool." + i);
        }
        add("codex-ci");
        int others = 1;
        for (int accounts : List.of(1, 100, 1000)) {
            for (; others < accounts; others++) {
                add("other-" + others);
            }
            try (JenkinsRule.WebClient browser = jenkins.createWebClient().withJavaScriptEnabled(false)) {
                out.printf(
                        Locale.ROOT,
                        "| %d | %.1f ms | %.1f ms | %.0f ms | %.0f ms |%n",
                        accounts,
                        median(TIMES, () -> Accounts.find(build, "codex-ci").orElseThrow()),
                        median(TIMES, () -> Accounts.inPool(build, "pool")),
                        median(TIMES / 4, () -> browser.goTo("manage/codex-accounts/")),
                        median(TIMES / 4, () -> browser.goTo("manage/codex-accounts/api/json", "application/json")));
            }
        }
    }

    /** An account with a stored login. Its credential is not written to the disk, which a test has no use for. */
    static void add(String id) throws Exception {
        Login login = Login.unknownToAnyServer(
                "acct-" + id, "user-" + id, Instant.now().minus(Duration.ofDays(1)), Duration.ofDays(10));
        List<Credentials> credentials = SystemCredentialsProvider.getInstance().getCredentials();
        credentials.add(new CodexAccountCredentials(
                CredentialsScope.GLOBAL,
                id,
                "",
                Secret.fromString(new String(login.authJson(), StandardCharsets.UTF_8))));
        try (Lease lease = Lab.accounts()
                .acquire(new CredentialId(id), new Holder("job #1", Instant.now()), Duration.ZERO, busy -> {})) {
            BuildSessions.get()
                    .upkeep(Lab.accounts(), lease.id(), "job #1")
                    .replace(lease, Seed.parse(login.authJson(), "the login"));
        }
    }

    private static double median(int times, Callable<?> what) throws Exception {
        long[] nanos = new long[times];
        for (int i = -times / 2; i < times; i++) {
            long begun = System.nanoTime();
            what.call();
            if (i >= 0) {
                nanos[i] = System.nanoTime() - begun;
            }
        }
        Arrays.sort(nanos);
        return nanos[times / 2] / 1e6;
    }
}
