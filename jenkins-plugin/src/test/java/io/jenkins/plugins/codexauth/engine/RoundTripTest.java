package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.slaves.DumbSlave;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import io.github.codexauth.standin.StandIn.Event.Reused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Builds on an agent sign in with an account, Codex refreshes it, and the next build goes on from there. */
@WithJenkins
class RoundTripTest {
    private final StandIn standIn = StandIn.start();
    private JenkinsRule jenkins;
    private Lab lab;
    private DumbSlave agent;

    @BeforeEach
    void lab(JenkinsRule rule) throws Exception {
        jenkins = rule;
        lab = new Lab(rule, standIn);
        agent = lab.agent("agent");
    }

    @AfterEach
    void noTokenWasEverUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
        standIn.close();
    }

    @Test
    void threeBuildsRefreshOneLoginThreeTimesAndLeaveNothingOnTheAgent() throws Exception {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        lab.account(Lab.ACCOUNT, login);
        WorkflowJob job = lab.job("deploy", lab.block(Lab.CODEX, "env | grep CODEX; ls -la $CODEX_HOME"));
        for (int build = 1; build <= 3; build++) {
            WorkflowRun run = lab.success(job);
            System.out.println(JenkinsRule.getLog(run));
            assertThat(standIn.rotations()).isEqualTo(build);
            assertThat(Lab.stored(Lab.ACCOUNT).generation()).isEqualTo(build + 1);
            assertThat(JenkinsRule.getLog(run))
                    .contains("Codex refreshed the login; it is stored as generation " + (build + 1));
            standIn.endAccessTokens();
        }
        assertThat(standIn.events(ModelCall.class))
                .extracting(ModelCall::credential)
                .containsExactlyElementsOf(login.states().stream()
                        .skip(1)
                        .map(state -> state.accessToken())
                        .toList());
        Path root = Path.of(agent.getRemoteFS());
        assertThat(Lab.filesWith(root, standIn.everyTokenIssued())).isEmpty();
        assertThat(Files.exists(root.resolve("workspace/deploy@tmp/codex-auth")))
                .isTrue();
        assertThat(root.resolve("workspace/deploy@tmp/codex-auth")).isEmptyDirectory();
    }
}
