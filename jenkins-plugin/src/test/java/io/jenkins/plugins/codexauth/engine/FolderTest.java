package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Items;
import io.github.codexauth.CredentialId;
import io.github.codexauth.Sha256;
import io.github.codexauth.standin.Login;
import io.jenkins.plugins.codexauth.lease.ControllerStores;
import java.nio.file.Files;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** A folder's accounts are for the jobs in it. */
class FolderTest extends InJenkins {
    private static final String WHICH = "sha256sum < \"$CODEX_HOME/auth.json\"";

    private WorkflowJob in(Folder folder, String script) throws Exception {
        WorkflowJob created = folder.createProject(WorkflowJob.class, job);
        created.setDefinition(new CpsFlowDefinition(script, true));
        return created;
    }

    @Test
    void theNearestAccountOfThatIdIsTakenAndItsLoginLiesInTheFoldersDirectory() throws Exception {
        Login ofJenkins = freshLogin();
        Folder folder = jenkins.jenkins.createProject(Folder.class, "team-" + job);
        Login ofFolder = standIn.newLogin(Duration.ofDays(9));
        lab.account(folder, account, ofFolder);

        WorkflowRun inside = lab.success(in(folder, block(WHICH)));
        WorkflowRun outside = lab.success(lab.job(job, block(WHICH)));

        jenkins.assertLogContains(Sha256.hex(ofFolder.authJson()), inside);
        jenkins.assertLogContains(Sha256.hex(ofJenkins.authJson()), outside);
        assertThat(folder.getRootDir().toPath().resolve("codex-auth").resolve(account))
                .isDirectoryContaining("glob:**current.json");
    }

    @Test
    void aFoldersAccountIsNotForJobsOutside() throws Exception {
        Folder folder = jenkins.jenkins.createProject(Folder.class, "team-" + job);
        lab.account(folder, account, standIn.newLogin(Duration.ofDays(9)));

        WorkflowRun outside = lab.failure(lab.job(job, block(WHICH)));

        jenkins.assertLogContains("there is no credential '" + account + "'", outside);
    }

    @Test
    void aJobThatMovesIntoAnotherFolderMeanwhileKeepsItsTurnAndItsRefreshIsStored() throws Exception {
        endedLogin();
        WorkflowRun holder = holder();
        Folder folder = jenkins.jenkins.createProject(Folder.class, "team-" + job);

        Items.move(holder.getParent(), folder);

        assertThat(Lab.holder(account)).hasValueSatisfying(by -> assertThat(by).contains(job + "-holder"));
        goOn();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(holder));
        assertThat(Lab.holder(account)).isEmpty();
        lab.success(lab.job(job, block(Lab.CODEX)));
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
    }

    @Test
    void aFoldersLoginIsSavedWhereItsFolderHasMovedTo() throws Exception {
        Folder folder = jenkins.jenkins.createProject(Folder.class, "team-" + job);
        lab.account(folder, account, standIn.newLogin(Duration.ofDays(9)));
        standIn.endAccessTokens();
        WorkflowRun run = in(folder, block("touch ../holds; until [ -e ../go-on ]; do sleep 0.1; done", Lab.CODEX))
                .scheduleBuild2(0)
                .waitForStart();
        Lab.awaitShell(jenkins, run, "touch ../holds");
        Folder division = jenkins.jenkins.createProject(Folder.class, "division-" + job);

        Items.move(folder, division);

        Files.createFile(onAgent("workspace/team-" + job + "/go-on"));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        Folder moved = (Folder) division.getItem("team-" + job);
        assertThat(ControllerStores.get()
                        .store(moved)
                        .peek(new CredentialId(account))
                        .orElseThrow()
                        .generation())
                .isEqualTo(2);
    }

    @Test
    void aBlockInsideOfOneWithTheSameLoginSharesItAfterTheFolderHasMoved() throws Exception {
        Folder folder = jenkins.jenkins.createProject(Folder.class, "team-" + job);
        lab.account(folder, account, standIn.newLogin(Duration.ofDays(9)));
        String inner = "withCodexAuth(authJson: '" + account + "', wait: '1s') { sh 'echo home=\"$CODEX_HOME\"' }";
        WorkflowRun run = in(
                        folder,
                        "node('agent') { withCodexAuth(authJson: '" + account + "') {\n"
                                + "sh 'touch ../holds; until [ -e ../go-on ]; do sleep 0.1; done; echo home=\"$CODEX_HOME\"'\n"
                                + inner + " } }")
                .scheduleBuild2(0)
                .waitForStart();
        Lab.awaitShell(jenkins, run, "touch ../holds");

        Items.move(folder, jenkins.jenkins.createProject(Folder.class, "division-" + job));

        Files.createFile(onAgent("workspace/team-" + job + "/go-on"));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("the enclosing withCodexAuth block has this login already; it is shared", run);
    }

    @Test
    void aRenamedFolderKeepsItsLogins() throws Exception {
        Folder folder = jenkins.jenkins.createProject(Folder.class, "team-" + job);
        lab.account(folder, account, standIn.newLogin(Duration.ofHours(-1)));
        WorkflowJob inside = in(folder, block(Lab.CODEX));
        lab.success(inside);

        folder.renameTo("renamed-" + job);

        assertThat(ControllerStores.get()
                        .store(folder)
                        .peek(new CredentialId(account))
                        .orElseThrow()
                        .generation())
                .isEqualTo(2);
        standIn.endAccessTokens();
        lab.success(inside);
        assertThat(ControllerStores.get()
                        .store(folder)
                        .peek(new CredentialId(account))
                        .orElseThrow()
                        .generation())
                .isEqualTo(3);
    }
}
