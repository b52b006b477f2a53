package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.slaves.DumbSlave;
import hudson.slaves.OfflineCause;
import io.github.codexauth.CredentialId;
import io.github.codexauth.standin.Gate;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RefreshAnswer;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** Builds that have one login at the same time, where its account allows that. */
class SharedTest extends InJenkins {
    private String shared(String... commands) {
        return lab.blockWith("authJson: '" + account + "', shared: true", commands);
    }

    private Login sharedLogin(Duration lasts) throws Exception {
        Login login = standIn.newLogin(lasts);
        lab.sharedAccount(account, login);
        return login;
    }

    private WorkflowRun begun(String name, String script) throws Exception {
        WorkflowRun run = lab.job(name, script).scheduleBuild2(0).waitForStart();
        Lab.awaitShell(jenkins, run, "touch ../in-" + name);
        return run;
    }

    private String waiting(String name) {
        return "touch ../in-" + name + "; until [ -e ../go-on-" + job + " ]; do sleep 0.1; done";
    }

    @Test
    void buildsSideBySideHaveOneLoginAndOneOfThemRefreshesItForAll() throws Exception {
        sharedLogin(Duration.ofDays(9));
        WorkflowRun first = begun(job, shared(waiting(job), Lab.CODEX));
        WorkflowRun second = begun(job + "-second", shared(waiting(job + "-second"), Lab.CODEX));
        assertThat(Lab.holder(account)).isEmpty();
        assertThat(BuildSessions.get().sharing("", account)).containsExactly(job + " #1", job + "-second #1");
        standIn.endAccessTokens();
        int before = standIn.rotations();
        goOn();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(first));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(second));
        assertThat(standIn.rotations() - before).isEqualTo(1);
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
        assertThat(Lab.holder(account)).isEmpty();
        assertThat(Lab.filesWith(Lab.folder(first), standIn.everyTokenIssued())).isEmpty();
        assertThat(Lab.filesWith(Lab.folder(second), standIn.everyTokenIssued()))
                .isEmpty();
        assertThat(Lab.filesWith(onAgent(""), standIn.everyTokenIssued())).isEmpty();
    }

    @Test
    void aBuildThatDoesNotShareHasTheLoginToItselfAndThoseThatShareGoOn() throws Exception {
        sharedLogin(Duration.ofDays(9));
        WorkflowRun sharing = begun(job, shared(waiting(job), Lab.CODEX));
        WorkflowRun alone = lab.success(lab.job(job + "-alone", block(Lab.CODEX)));
        jenkins.assertLogNotContains("waiting for", alone);
        goOn();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(sharing));
    }

    @Test
    void aBuildThatSharesWaitsToBeginUntilNobodyHasTheLoginToItself() throws Exception {
        sharedLogin(Duration.ofDays(9));
        WorkflowRun alone = holder();
        WorkflowRun sharing =
                lab.job(job, shared("echo in the block")).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("waiting for " + job + "-holder #1", sharing);
        goOn();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(alone));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(sharing));
    }

    @Test
    void whileARefreshIsCutOffOnAnAgentThatIsAwayNobodyElseUsesTheRefreshToken() throws Exception {
        sharedLogin(Duration.ofDays(9));
        DumbSlave node = lab.unsteadyAgent("unsteady-" + job);
        Path workspaces = Path.of(node.getRemoteFS()).resolve("workspace");
        WorkflowRun away = begun(
                job,
                shared(
                                "touch ../in-" + job + "; until [ -e ../go-on ]; do sleep 0.1; done; (" + Lab.CODEX
                                        + ") || touch ../refused; until [ -e ../back ]; do sleep 0.1; done",
                                Lab.CODEX)
                        .replace("node('agent')", "node('" + node.getNodeName() + "')"));
        WorkflowRun here = begun(
                job + "-here",
                shared(
                        waiting(job + "-here"),
                        "if " + Lab.CODEX + "; then exit 1; fi; touch ../refused-" + job + "; until [ -e ../back-" + job
                                + " ]; do sleep 0.1; done",
                        Lab.CODEX));
        standIn.endAccessTokens();
        int before = standIn.rotations();
        Gate gate = new Gate();
        standIn.nextRefresh(new RefreshAnswer.Late(gate));
        Files.createFile(workspaces.resolve("go-on"));
        gate.awaitReached();
        node.toComputer().disconnect(OfflineCause.create(null)).get();
        Lab.await(() -> node.toComputer().isOffline());
        gate.open();
        Lab.await(() -> Files.exists(workspaces.resolve("refused")));
        goOn();

        Lab.await(() -> Files.exists(onAgent("workspace/refused-" + job)));
        assertThat(standIn.rotations() - before).isEqualTo(1);
        assertThat(Lab.stored(account).generation()).isEqualTo(1);

        node.toComputer().connect(true).get();
        jenkins.waitForMessage("stored as generation 2", away);
        Files.createFile(workspaces.resolve("back"));
        Files.createFile(onAgent("workspace/back-" + job));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(away));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(here));
        assertThat(standIn.rotations() - before).isEqualTo(1);
        assertThat(Lab.filesWith(workspaces, standIn.everyTokenIssued())).isEmpty();
    }

    @Test
    void aLoginWhoseRefreshWasCutOffOnAnAgentThatIsAwayIsNotTriedByTheNextBuildEither() throws Exception {
        sharedLogin(Duration.ofHours(-1));
        DumbSlave node = lab.unsteadyAgent("unsteady-" + job);
        Gate gate = new Gate();
        standIn.nextRefresh(new RefreshAnswer.Late(gate));
        WorkflowRun away = lab.job(job, shared("true").replace("node('agent')", "node('" + node.getNodeName() + "')"))
                .scheduleBuild2(0)
                .waitForStart();
        gate.awaitReached();
        node.toComputer().disconnect(OfflineCause.create(null)).get();
        gate.open();
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(away));

        WorkflowRun next = lab.failure(lab.job(job + "-next", shared("true")));
        jenkins.assertLogContains(
                "a refresh of credential '" + account + "' was cut off on agent '" + node.getNodeName() + "'", next);
        jenkins.assertLogContains("if it never comes back, delete it in Jenkins", next);
        WorkflowRun whole = lab.failure(lab.job(job + "-whole", block("true")));
        jenkins.assertLogContains("was cut off on agent '" + node.getNodeName() + "'", whole);

        node.toComputer().connect(true).get();
        Lab.await(() -> Lab.stored(account).generation() == 2);
        lab.success(lab.job(job + "-last", shared(Lab.CODEX)));
    }

    @Test
    void anAccountIsForOneBuildAtATimeUnlessItsCredentialSaysOtherwise() throws Exception {
        freshLogin();

        WorkflowRun run = lab.failure(lab.job(job, shared("touch ../ran-" + job)));

        jenkins.assertLogContains("credential '" + account + "' may be used by several builds at once", run);
        jenkins.assertLogContains("leave shared: true out", run);
        assertThat(onAgent("workspace/ran-" + job)).doesNotExist();
    }

    @Test
    void aPoolThatIsSharedIsThoseOfItsLoginsThatAllowIt() throws Exception {
        lab.account(account + ".1", standIn.newLogin(Duration.ofDays(9)));
        lab.sharedAccount(account + ".2", standIn.newLogin(Duration.ofDays(9)));

        WorkflowRun run =
                lab.success(lab.job(job, lab.blockWith("pool: '" + account + "', shared: true", "echo in the block")));

        jenkins.assertLogContains(account + ".2", run);
        assertThat(Lab.accounts().peek(new CredentialId(account + ".1"))).isEmpty();
    }

    @Test
    void aWholeLoginIsNotShared() throws Exception {
        sharedLogin(Duration.ofDays(9));

        WorkflowRun run = lab.failure(
                lab.job(job, lab.blockWith("authJson: '" + account + "', give: 'all', shared: true", "true")));

        jenkins.assertLogContains("leave give: 'all' out, or shared: true", run);
    }

    @Test
    void aKeyNeedsNotBeShared() throws Exception {
        lab.text(job, standIn.newApiKey());

        WorkflowRun run = lab.failure(lab.job(job, lab.blockWith("apiKey: '" + job + "', shared: true", "true")));

        jenkins.assertLogContains("any number of builds may have a key or token at once", run);
    }
}
