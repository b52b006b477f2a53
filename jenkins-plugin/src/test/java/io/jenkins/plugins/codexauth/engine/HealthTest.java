package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import io.github.codexauth.CredentialId;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.RefreshAnswer;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import io.github.codexauth.standin.StandIn.Event.NotGranted;
import io.github.codexauth.standin.StandIn.Event.Revoked;
import io.github.codexauth.store.NeedsLogin;
import io.jenkins.plugins.codexauth.account.CodexAccountCredentials;
import io.jenkins.plugins.codexauth.page.LoginMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * What would not last is refreshed before the block; a dead login is a recorded state, and a healthy one is never
 * called dead.
 */
class HealthTest extends InJenkins {
    private static final String RAN = "echo the-block-ran";

    @AfterEach
    void theServerGrantsAgain() {
        standIn.forgetNextRefreshes();
    }

    @Test
    void aTokenThatHasEndedIsRefreshedOnceAndStoredBeforeTheBlockGetsIt() throws Exception {
        Login login = expiredLogin();
        int before = standIn.rotations();

        WorkflowRun run = lab.success(lab.job(job, block("cat \"$CODEX_HOME/auth.json\"", Lab.CODEX)));

        assertThat(standIn.rotations() - before).isEqualTo(1);
        assertThat(login.states()).hasSize(2);
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
        assertThat(JenkinsRule.getLog(run))
                .containsSubsequence("it is stored as generation 2", "+ cat ", "+ codex exec");
        List<ModelCall> calls = standIn.events(ModelCall.class);
        assertThat(calls.get(calls.size() - 1).credential())
                .isEqualTo(login.current().accessToken());
        assertThat(Lab.filesWith(Lab.folder(run), standIn.everyTokenIssued())).isEmpty();
        assertThat(onAgent("workspace/" + job + "@tmp/codex-auth")).isEmptyDirectory();
    }

    @Test
    void aTokenThatWouldNotLastForTheBlockIsRefreshedAndOneThatLastsIsNot() throws Exception {
        login(Duration.ofHours(1));
        int before = standIn.rotations();

        lab.success(lab.job(job, lab.blockWith("give: 'all', authJson: '" + account + "', timeLimit: '30m'", "true")));
        assertThat(standIn.rotations() - before).isZero();

        lab.success(lab.job(job + "-longer", block("true")));
        assertThat(standIn.rotations() - before).isEqualTo(1);
    }

    @Test
    void aDeadLoginIsRecordedShownAndRefusedAtOnceByTheNextBuild() throws Exception {
        expiredLogin();
        refuse("refresh_token_invalidated");
        WorkflowJob deploy = lab.job(job, block(RAN));

        WorkflowRun first = lab.failure(deploy);

        int asked = standIn.events(NotGranted.class).size();
        WorkflowRun second = lab.failure(deploy);
        for (WorkflowRun run : new WorkflowRun[] {first, second}) {
            assertThat(JenkinsRule.getLog(run))
                    .contains("error: the login of credential '" + account
                            + "' has ended and needs a new one: it was revoked")
                    .contains("paste the new auth.json into the credential")
                    .doesNotContain("the-block-ran");
        }
        assertThat(standIn.events(NotGranted.class)).hasSize(asked);
        assertThat(cause()).contains(NeedsLogin.Cause.REFRESH_TOKEN_INVALIDATED);
        assertThat(jenkins.jenkins.getExtensionList(LoginMonitor.class).get(0).getProblems())
                .anyMatch(problem ->
                        problem.account().equals(account) && problem.what().contains("Needs a new login since"));
        assertThat(Lab.holder(account)).isEmpty();
        assertThat(onAgent("workspace/" + job + "@tmp/codex-auth")).isEmptyDirectory();
    }

    @Test
    void whatOnlyKeepsCodexFromRefreshingIsNamedAndNobodyIsToldToLogIn() throws Exception {
        expiredLogin();
        String restricted = "forced_chatgpt_workspace_id = \"00000000-0000-4000-8000-000000000000\"\n";
        WorkflowRun run = lab.failure(lab.job(
                job,
                "node('agent') { withCodexAuth(give: 'all', authJson: '" + account + "', config: '''" + restricted
                        + RealCodex.config(standIn) + "''') { sh '" + RAN + "' } }"));

        assertThat(JenkinsRule.getLog(run))
                .contains("could not refresh the login of credential '" + account + "': ")
                .contains("allow only another workspace (forced_chatgpt_workspace_id)")
                .contains("hint: the login may be healthy; put that right")
                .doesNotContain("codex login")
                .doesNotContain("the-block-ran");
        assertThat(cause()).isEmpty();
        lab.success(lab.job(job + "-next", block(Lab.CODEX)));
    }

    @Test
    void withoutCodexOnTheAgentTheBlockRunsAndALineSaysSo() throws Exception {
        expiredLogin();

        WorkflowRun run = lab.success(lab.job(
                job, block(RAN).replace("node('agent') {", "node('agent') { withEnv(['PATH=/usr/bin:/bin']) {") + "}"));

        assertThat(JenkinsRule.getLog(run))
                .contains("no early refresh: command not found: codex")
                .contains("the-block-ran");
        assertThat(Lab.stored(account).generation()).isEqualTo(1);
    }

    @Test
    void aLogoutInTheBlockIsRecorded() throws Exception {
        freshLogin();
        int revoked = standIn.events(Revoked.class).size();

        WorkflowRun run = lab.success(lab.job(job, block("codex logout")));

        assertThat(standIn.events(Revoked.class)).hasSize(revoked + 1);
        assertThat(JenkinsRule.getLog(run))
                .contains("warning: the build has removed its auth.json")
                .contains("warning: the login of credential '" + account
                        + "' has ended and needs a new one: a job logged it out");
        assertThat(cause()).contains(NeedsLogin.Cause.LOGGED_OUT);
        assertThat(onAgent("workspace/" + job + "@tmp/codex-auth")).isEmptyDirectory();
        jenkins.assertLogContains("has ended and needs a new one", lab.failure(lab.job(job + "-next", block(RAN))));
    }

    @Test
    void aBlockThatRemovesTheFileLeavesTheLoginAliveAndFresh() throws Exception {
        Login login = freshLogin();

        WorkflowRun run = lab.success(lab.job(job, block("rm \"$CODEX_HOME/auth.json\"")));

        jenkins.assertLogContains(
                "the login of '" + account + "' is alive: Codex has refreshed it after the block", run);
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
        assertThat(login.states()).hasSize(2);
        assertThat(cause()).isEmpty();
        assertThat(Lab.filesWith(Lab.folder(run), standIn.everyTokenIssued())).isEmpty();
        assertThat(onAgent("workspace/" + job + "@tmp/codex-auth")).isEmptyDirectory();
    }

    @Test
    void aBlockWhoseCodexCouldNotRefreshFindsTheLoginDead() throws Exception {
        endedLogin();
        refuse("refresh_token_reused");

        WorkflowRun run = lab.failure(lab.job(job, block(Lab.CODEX)));

        assertThat(JenkinsRule.getLog(run))
                .contains("Your access token could not be refreshed")
                .contains("warning: the login of credential '" + account + "' has ended and needs a new one: ");
        assertThat(cause()).isPresent();
    }

    @Test
    void whoOnlyPrintsCodexsSentenceCostsARefresh() throws Exception {
        freshLogin();

        WorkflowRun run =
                lab.success(lab.job(job, block("echo Your access token could not be refreshed because I say so")));

        jenkins.assertLogContains("is alive: Codex has refreshed it after the block", run);
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
    }

    @Test
    void theSameLoginUnderASecondIdIsRefusedWithBothNamesBeforeItIsUsedOnceMore() throws Exception {
        Login login = endedLogin();
        String copy = account + "-copy";
        lab.account(copy, login);
        lab.success(lab.job(job, block(Lab.CODEX)));

        WorkflowRun second = lab.failure(lab.job(job + "-second", lab.blockWith("authJson: '" + copy + "'", RAN)));

        assertThat(JenkinsRule.getLog(second))
                .contains("error: credentials '" + copy + "' and '" + account + "' hold the same login")
                .contains("paste the new auth.json into '" + copy + "'")
                .doesNotContain("the-block-ran");
        assertThat(Lab.accounts().peek(new CredentialId(copy))).isEmpty();
        assertThat(Lab.holder(copy)).isEmpty();
        assertThat(new LoginMonitor().getProblems())
                .anyMatch(problem ->
                        problem.account().equals(copy) && problem.what().contains("the same login as " + account))
                .noneMatch(problem -> problem.account().equals(account));
        standIn.endAccessTokens();
        lab.success(lab.job(job + "-third", block(Lab.CODEX)));
        assertThat(Lab.stored(account).generation()).isEqualTo(3);
    }

    @Test
    void aLoginWhoseOtherAccountIsGoneMayBeUsed() throws Exception {
        Login login = freshLogin();
        String copy = account + "-copy";
        lab.account(copy, login);
        lab.success(lab.job(job, block(RAN)));
        CredentialsStore credentials = Lab.store(jenkins.jenkins);
        credentials.getCredentials(Domain.global()).stream()
                .filter(each -> each instanceof CodexAccountCredentials ours
                        && ours.getId().equals(account))
                .forEach(each -> remove(credentials, each));

        lab.success(lab.job(job + "-second", lab.blockWith("authJson: '" + copy + "'", RAN)));
    }

    private static void remove(CredentialsStore credentials, Credentials each) {
        try {
            credentials.removeCredentials(Domain.global(), each);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aPoolPassesOverALoginThatNeedsANewOneAndSaysSo() throws Exception {
        for (String member : List.of(account + ".1", account + ".2")) {
            lab.account(member, standIn.newLogin(Duration.ofDays(9)));
            lab.success(lab.job(job + member, lab.blockWith("authJson: '" + member + "'", "true")));
        }
        NeedsLogin dead = new NeedsLogin(Instant.now(), NeedsLogin.Cause.REFRESH_TOKEN_INVALIDATED);
        Lab.note(account + ".1", dead);
        WorkflowJob deploy = lab.job(job, lab.blockWith("pool: '" + account + "'", RAN));

        WorkflowRun run = lab.success(deploy);

        jenkins.assertLogContains("passed over '" + account + ".1' of the pool, which need a new login", run);
        Lab.note(account + ".2", dead);
        WorkflowRun refused = lab.failure(deploy);
        jenkins.assertLogContains(
                "error: every login of pool '" + account + "' needs a new one: '" + account + ".1', '" + account
                        + ".2'",
                refused);
    }

    private Optional<NeedsLogin.Cause> cause() throws Exception {
        return Lab.stored(account).needsLogin().map(NeedsLogin::cause);
    }

    /** As often as Codex asks. */
    private static void refuse(String code) {
        for (int i = 0; i < 50; i++) {
            standIn.nextRefresh(new RefreshAnswer.Fail(401, code));
        }
    }
}
