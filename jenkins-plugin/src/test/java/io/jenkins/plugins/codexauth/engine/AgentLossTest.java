package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.slaves.DumbSlave;
import hudson.slaves.OfflineCause;
import io.github.codexauth.testing.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** The agent goes away, for a while or for good. */
class AgentLossTest extends InJenkins {
    private DumbSlave unsteady() throws Exception {
        return lab.unsteadyAgent("unsteady-" + job);
    }

    private String on(DumbSlave node, String... commands) {
        return block(commands).replace("node('agent')", "node('" + node.getNodeName() + "')");
    }

    private Path in(DumbSlave node, String path) {
        return Path.of(node.getRemoteFS()).resolve("workspace").resolve(path);
    }

    private static void disconnect(DumbSlave node) throws Exception {
        node.toComputer().disconnect(OfflineCause.create(null)).get();
        Lab.await(() -> node.toComputer().isOffline());
    }

    /** With the shell step's own output if it does not come: Jenkins cannot show that of an agent that is away. */
    private void awaitRefresh(DumbSlave node) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() ->
                        assertThat(in(node, "refreshed")).as(shellOutput(node)).exists());
    }

    private String shellOutput(DumbSlave node) throws IOException {
        try (Stream<Path> files =
                Files.find(in(node, job + "@tmp"), 2, (file, is) -> file.endsWith("jenkins-log.txt"))) {
            Optional<Path> log = files.findFirst();
            return log.isPresent() ? Files.readString(log.get()) : "the shell step has no log";
        }
    }

    @Test
    void aBlockGoesOnWhenItsAgentIsBackAndARefreshMeanwhileIsSaved() throws Exception {
        endedLogin();
        DumbSlave node = unsteady();
        WorkflowRun run = lab.job(
                        job,
                        on(
                                node,
                                "touch ../started; until [ -e ../refresh ]; do sleep 0.1; done; " + Lab.CODEX
                                        + "; touch ../refreshed; until [ -e ../go-on ]; do sleep 0.1; done"))
                .scheduleBuild2(0)
                .waitForStart();
        Lab.awaitShell(jenkins, run, "touch ../started");
        disconnect(node);
        Files.createFile(in(node, "refresh"));
        awaitRefresh(node);
        assertThat(Lab.stored(account).generation()).isEqualTo(1);

        node.toComputer().connect(true).get();

        jenkins.waitForMessage("stored as generation 2", run);
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
        Files.createFile(in(node, "go-on"));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @Test
    void whatAnEndedBuildLeftOnItsAgentIsSavedWhenTheAgentIsBack() throws Exception {
        endedLogin();
        DumbSlave node = unsteady();
        WorkflowRun run = lab.job(
                        job,
                        on(
                                node,
                                "touch ../started; until [ -e ../refresh ]; do sleep 0.1; done; " + Lab.CODEX
                                        + "; touch ../refreshed; sleep 3000"))
                .scheduleBuild2(0)
                .waitForStart();
        Lab.awaitShell(jenkins, run, "touch ../started");
        disconnect(node);
        Files.createFile(in(node, "refresh"));
        awaitRefresh(node);

        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        assertThat(JenkinsRule.getLog(run))
                .contains("agent 'unsteady-" + job + "' cannot be reached. The stored login is generation 1 of '"
                        + account)
                .contains("it is saved by itself when the agent is back, and lost if the agent never comes back");
        assertThat(Lab.stored(account).generation()).isEqualTo(1);
        assertThat(Lab.holder(account)).isEmpty();

        node.toComputer().connect(true).get();

        Lab.await(() -> Lab.stored(account).generation() == 2);
        Lab.await(() -> !Files.exists(in(node, job + "@tmp/codex-auth"))
                || Lab.filesWith(in(node, job + "@tmp/codex-auth"), standIn.everyTokenIssued())
                        .isEmpty());
        jenkins.assertBuildStatusSuccess(lab.success(lab.job(job + "-next", block(Lab.CODEX))));
    }

    @Test
    void aFullDiskOnTheAgentStopsTheBuildBeforeCodexCouldRefresh() throws Exception {
        endedLogin();
        DumbSlave node = unsteady();
        Path beside = in(node, job + "@tmp");
        Files.createDirectories(beside);
        try (Mount full = Mount.tmpfs(beside, 1024)) {
            WorkflowRun run = lab.failure(lab.job(job, on(node, Lab.CODEX)));

            assertThat(JenkinsRule.getLog(run))
                    .contains("error: Codex could not keep a refreshed login in ")
                    .contains("hint: use a local, writable folder with some free space: df -h ");
        }
        assertThat(Lab.stored(account).generation()).isEqualTo(1);
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void aDeadAgentLosesNothingThatWasStored() throws Exception {
        endedLogin();
        DumbSlave node = unsteady();
        WorkflowRun run = lab.job(job, on(node, Lab.CODEX, "sleep 3000"))
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("stored as generation 2", run);

        disconnect(node);
        jenkins.jenkins.removeNode(node);
        run.doKill();

        lab.success(lab.job(job + "-next", block(Lab.CODEX)));
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
    }
}
