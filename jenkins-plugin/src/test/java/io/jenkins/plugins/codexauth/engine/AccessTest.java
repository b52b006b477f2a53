package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.slaves.DumbSlave;
import hudson.slaves.OfflineCause;
import io.github.codexauth.standin.Gate;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RefreshAnswer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** A login that stays on the controller: the block gets an access token, and asks for the next one. */
class AccessTest extends InJenkins {
    private String access(String... commands) {
        return lab.blockWith("authJson: '" + account + "'", commands);
    }

    @Test
    void whereTheAgentHasNoCodexTheErrorSaysWhatToTypeAndTheLoginIsFree() throws Exception {
        expiredLogin();
        String script = access("touch ../ran-" + job)
                .replace("node('agent') {", "node('agent') { withEnv(['PATH=/usr/bin:/bin']) {");

        WorkflowRun run = lab.failure(lab.job(job, script + "}"));

        jenkins.assertLogContains("has no Codex that could refresh it: command not found: codex", run);
        jenkins.assertLogContains("the whole login: withCodexAuth(give: 'all', …)", run);
        assertThat(onAgent("workspace/ran-" + job)).doesNotExist();
        assertThat(Lab.holder(account)).isEmpty();
    }

    private List<String> refreshTokens(Login login) {
        return login.states().stream().map(state -> state.refreshToken()).toList();
    }

    @Test
    void whatTheBlocksCodexAsksForIsRefreshedStoredAndAnsweredWithoutTheRefreshToken() throws Exception {
        Login login = endedLogin();
        WorkflowRun run = lab.job(
                        job,
                        access(
                                Lab.CODEX,
                                "touch ../refreshed-" + job + "; until [ -e ../go-on-" + job + " ]; do sleep 0.1; done",
                                Lab.CODEX))
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("Codex refreshed the login; it is stored as generation 2", run);
        Lab.awaitShell(jenkins, run, "touch ../refreshed-" + job);
        assertThat(Lab.filesWith(onAgent(""), refreshTokens(login))).isEmpty();

        WorkflowRun nosy = lab.success(
                lab.job(job + "-nosy", "node('agent') { sh 'cat ../" + job + "@tmp/codex-auth/*/auth.json' }"));
        assertThat(JenkinsRule.getLog(nosy))
                .contains("placeholder-of-codex-auth-")
                .doesNotContain(refreshTokens(login));
        goOn();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
        assertThat(Lab.holder(account)).isEmpty();
        assertThat(Lab.filesWith(Lab.folder(run), standIn.everyTokenIssued())).isEmpty();
        assertThat(Lab.filesWith(onAgent(""), standIn.everyTokenIssued())).isEmpty();
        assertThat(onAgent("workspace/" + job + "@tmp/codex-auth")).isEmptyDirectory();
    }

    @Test
    void aLoginThatWouldNotLastIsRefreshedBeforeTheBlock() throws Exception {
        expiredLogin();
        WorkflowRun run = lab.success(lab.job(job, access(Lab.CODEX)));

        jenkins.assertLogContains("stored as generation 2", run);
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
    }

    @Test
    void logoutInTheBlockEndsNothing() throws Exception {
        freshLogin();
        lab.success(lab.job(job, access("codex logout")));

        standIn.endAccessTokens();
        lab.success(lab.job(job + "-next", access(Lab.CODEX)));
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
    }

    @Test
    void aBlockWithAWholeLoginInsideIsRefusedSinceItsCodexWouldAskTheOtherBlocksAddress() throws Exception {
        freshLogin();
        lab.account(account + ".other", standIn.newLogin(Duration.ofDays(9)));
        String inner =
                "withCodexAuth(authJson: '" + account + ".other', give: 'all') { sh 'touch ../ran-" + job + "' }";

        WorkflowRun run = lab.failure(
                lab.job(job, "node('agent') { withCodexAuth(authJson: '" + account + "') { " + inner + " } }"));

        jenkins.assertLogContains("a block around this one has a login that stays on the controller", run);
        assertThat(onAgent("workspace/ran-" + job)).doesNotExist();
        assertThat(Lab.holder(account + ".other")).isEmpty();
    }

    @Test
    void aKeyHasNoLevels() throws Exception {
        lab.text(job, standIn.newApiKey());
        WorkflowRun run = lab.failure(lab.job(job, lab.blockWith("apiKey: '" + job + "', give: 'access'", "true")));

        jenkins.assertLogContains("error: 'give: access' is for logins, and 'apiKey' is none", run);
    }

    @Test
    void aLoginThatDiesInTheBlockIsRecordedAndTheNextBuildIsRefused() throws Exception {
        endedLogin();
        standIn.nextRefresh(new RefreshAnswer.Fail(401, "refresh_token_invalidated"));
        lab.failure(lab.job(job, access(Lab.CODEX)));

        WorkflowRun next = lab.failure(lab.job(job + "-next", access(Lab.CODEX)));
        jenkins.assertLogContains("has ended and needs a new one", next);
        assertThat(Lab.stored(account).health().needsLogin()).isPresent();
    }

    @Test
    void anAgentThatIsLostInTheMiddleOfARefreshLosesNothingAndTheBlockGoesOn() throws Exception {
        endedLogin();
        DumbSlave node = lab.unsteadyAgent("unsteady-" + job);
        Path workspaces = Path.of(node.getRemoteFS()).resolve("workspace");
        Gate gate = new Gate();
        standIn.nextRefresh(new RefreshAnswer.Late(gate));
        int before = standIn.rotations();
        String script = access("(" + Lab.CODEX + ") || touch ../refused; until [ -e ../back ]; do sleep 0.1; done; "
                        + Lab.CODEX)
                .replace("node('agent')", "node('" + node.getNodeName() + "')");
        WorkflowRun run = lab.job(job, script).scheduleBuild2(0).waitForStart();
        gate.awaitReached();
        node.toComputer().disconnect(OfflineCause.create(null)).get();
        Lab.await(() -> node.toComputer().isOffline());
        gate.open();
        Lab.await(() -> Files.exists(workspaces.resolve("refused")));
        assertThat(Lab.stored(account).generation()).isEqualTo(1);

        node.toComputer().connect(true).get();
        jenkins.waitForMessage("the block's Codex may ask for access tokens again", run);
        Files.createFile(workspaces.resolve("back"));

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("stored as generation 2", run);
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
        assertThat(standIn.rotations() - before).isEqualTo(1);
        assertThat(Lab.filesWith(workspaces, standIn.everyTokenIssued())).isEmpty();
    }
}
