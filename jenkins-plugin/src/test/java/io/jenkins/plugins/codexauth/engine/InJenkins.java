package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.slaves.DumbSlave;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn;
import io.github.codexauth.standin.StandIn.Event.Reused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** One Jenkins with one agent for all tests of a class. Each test has accounts and jobs of its own. */
@WithJenkins
@Timeout(value = 3, unit = TimeUnit.MINUTES)
abstract class InJenkins {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    static StandIn standIn;
    static JenkinsRule jenkins;
    static Lab lab;
    static DumbSlave agent;

    /** The names of this test's own account and job. */
    final String account = "account-" + NUMBER.incrementAndGet();

    final String job = "job-" + NUMBER.get();

    @BeforeAll
    static void open(JenkinsRule rule) throws Exception {
        jenkins = rule;
        standIn = StandIn.start();
        lab = new Lab(rule, standIn);
        agent = lab.agent("agent");
    }

    @AfterAll
    static void close() throws Exception {
        jenkins.after();
        standIn.close();
    }

    @AfterEach
    void noTokenWasEverUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    /**
     * This test's account, with a login whose access token looks fresh and is not, so that Codex refreshes in the
     * block.
     */
    Login endedLogin() throws Exception {
        Login login = freshLogin();
        standIn.endAccessTokens();
        return login;
    }

    /**
     * This test's account, with a login whose access token says that it has ended, so that it is refreshed before the
     * block.
     */
    Login expiredLogin() throws Exception {
        return login(Duration.ofHours(-1));
    }

    /** This test's account, with a login that needs no refresh. */
    Login freshLogin() throws Exception {
        return login(Duration.ofDays(9));
    }

    /** This test's account, with a login whose access token lasts that long. */
    Login login(Duration lasts) throws Exception {
        Login login = standIn.newLogin(lasts);
        lab.account(account, login);
        return login;
    }

    /** A block with this test's account. */
    String block(String... commands) {
        return lab.blockWith("give: 'all', authJson: '" + account + "'", commands);
    }

    /** A build that has this test's login until {@link #goOn}. */
    WorkflowRun holder() throws Exception {
        String holding = "touch ../holds-" + job + "; until [ -e ../go-on-" + job + " ]; do sleep 0.1; done";
        WorkflowRun holder =
                lab.job(job + "-holder", block(holding)).scheduleBuild2(0).waitForStart();
        Lab.awaitShell(jenkins, holder, "touch ../holds-" + job);
        Lab.await(() -> Files.exists(onAgent("workspace/holds-" + job)));
        return holder;
    }

    void goOn() throws Exception {
        Files.createFile(onAgent("workspace/go-on-" + job));
    }

    static Path onAgent(String path) {
        return Path.of(agent.getRemoteFS()).resolve(path);
    }
}
