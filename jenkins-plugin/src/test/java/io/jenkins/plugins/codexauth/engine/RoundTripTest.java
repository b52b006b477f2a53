package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Builds on an agent sign in with an account, Codex refreshes it, and the next build goes on from there. */
class RoundTripTest extends InJenkins {
    @Test
    void threeBuildsRefreshOneLoginThreeTimesAndLeaveNothingOnTheAgent() throws Exception {
        Login login = endedLogin();
        WorkflowJob deploy = lab.job(job, block(Lab.CODEX));
        int before = standIn.rotations();
        int callsBefore = standIn.events(ModelCall.class).size();
        for (int build = 1; build <= 3; build++) {
            WorkflowRun run = lab.success(deploy);
            assertThat(standIn.rotations() - before).isEqualTo(build);
            assertThat(Lab.stored(account).generation()).isEqualTo(build + 1);
            assertThat(JenkinsRule.getLog(run))
                    .contains("Codex refreshed the login; it is stored as generation " + (build + 1));
            standIn.endAccessTokens();
        }
        // From the second build on the token looks fresh, and Codex learns from a refused call that it is not.
        assertThat(standIn.events(ModelCall.class).stream().skip(callsBefore).filter(call -> call.status() == 200))
                .extracting(ModelCall::credential)
                .containsExactlyElementsOf(login.states().stream()
                        .skip(1)
                        .map(state -> state.accessToken())
                        .toList());
        assertThat(Lab.filesWith(onAgent(""), standIn.everyTokenIssued())).isEmpty();
        assertThat(onAgent("workspace/" + job + "@tmp/codex-auth")).isEmptyDirectory();
    }

    @Test
    void aRefreshIsStoredWhileTheBlockIsStillRunning() throws Exception {
        Login login = endedLogin();
        WorkflowJob deploy =
                lab.job(job, block(Lab.CODEX, "touch codex-is-over; until [ -e go-on ]; do sleep 0.1; done"));
        WorkflowRun run = deploy.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("stored as generation 2", run);

        assertThat(run.isBuilding()).isTrue();
        assertThat(Lab.stored(account).lastRefresh())
                .isAfter(login.states().get(0).issuedAt());

        Lab.await(() -> java.nio.file.Files.exists(onAgent("workspace/" + job + "/codex-is-over")));
        java.nio.file.Files.createFile(onAgent("workspace/" + job + "/go-on"));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @Test
    void aBuildThatFailsAfterARefreshFailsByItselfAndTheRefreshIsStored() throws Exception {
        endedLogin();
        WorkflowRun run = lab.failure(lab.job(job, block(Lab.CODEX, "exit 42")));

        jenkins.assertLogContains("script returned exit code 42", run);
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
    }

    @Test
    void theHomeIsPrivateAndLiesBesideTheWorkspace() throws Exception {
        freshLogin();
        WorkflowRun run = lab.success(lab.job(
                job,
                block(
                        "stat -c '%a %n' \"$CODEX_HOME\" \"$CODEX_HOME/auth.json\" \"$CODEX_HOME/config.toml\" | sed 's,/.*/workspace,,'",
                        "ls -A | wc -l")));

        assertThat(JenkinsRule.getLog(run).lines())
                .anyMatch(line -> line.matches("700 /" + job + "@tmp/codex-auth/[0-9a-f]{16}"))
                .anyMatch(line -> line.matches("600 /" + job + "@tmp/codex-auth/[0-9a-f]{16}/auth.json"))
                .anyMatch(line -> line.matches("600 /" + job + "@tmp/codex-auth/[0-9a-f]{16}/config.toml"))
                .contains("0");
    }

    @Test
    void theLoginIsRestoredByteForByte() throws Exception {
        Login login = freshLogin();
        WorkflowRun run = lab.success(lab.job(job, block("sha256sum < \"$CODEX_HOME/auth.json\"")));

        jenkins.assertLogContains(io.github.codexauth.Sha256.hex(login.authJson()), run);
    }
}
