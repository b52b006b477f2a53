package io.jenkins.plugins.codexauth.trust;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Action;
import hudson.model.Cause;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TopLevelItem;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.slaves.DumbSlave;
import io.github.codexauth.SignInMode;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.TrustDecision;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jenkins.branch.Branch;
import jenkins.branch.BranchSource;
import jenkins.model.Jenkins;
import jenkins.scm.api.SCMRevisionAction;
import jenkins.scm.api.metadata.ContributorMetadataAction;
import jenkins.scm.api.mixin.ChangeRequestCheckoutStrategy;
import jenkins.scm.impl.mock.MockChangeRequestFlags;
import jenkins.scm.impl.mock.MockFailure;
import jenkins.scm.impl.mock.MockRepositoryFlags;
import jenkins.scm.impl.mock.MockSCMController;
import jenkins.scm.impl.mock.MockSCMDiscoverBranches;
import jenkins.scm.impl.mock.MockSCMDiscoverChangeRequests;
import jenkins.scm.impl.mock.MockSCMSource;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class ChangeTrustTest {
    /** Without it the harness waits for a build that hangs as long as anybody lets it. */
    private static final int LONGEST_BUILD_MILLIS = 120_000;

    private static final String REPOSITORY = "app";

    private static JenkinsRule jenkins;
    private static DumbSlave marked;

    private MockSCMController scm;
    private WorkflowMultiBranchProject project;

    @BeforeAll
    static void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        rule.jenkins.setQuietPeriod(0);
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        rule.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ, Item.READ, Item.BUILD, ReplayAction.REPLAY)
                .everywhere()
                .to("bob"));
        marked = rule.createSlave();
        marked.getNodeProperties().add(new TrustedAgentProperty());
    }

    @BeforeEach
    void makeRepository() throws Exception {
        scm = MockSCMController.create();
        scm.createRepository(REPOSITORY, MockRepositoryFlags.FORKABLE, MockRepositoryFlags.TRUST_AWARE);
        scm.addFile(
                REPOSITORY,
                "master",
                "add the Jenkinsfile",
                "Jenkinsfile",
                "echo 'from the source'".getBytes(StandardCharsets.UTF_8));
        project = jenkins.createProject(WorkflowMultiBranchProject.class);
        project.getSourcesList()
                .add(new BranchSource(new MockSCMSource(
                        scm,
                        REPOSITORY,
                        new MockSCMDiscoverBranches(),
                        new MockSCMDiscoverChangeRequests(ChangeRequestCheckoutStrategy.HEAD))));
    }

    @AfterEach
    void forget() throws Exception {
        allow("");
        for (TopLevelItem item : jenkins.jenkins.getItems()) {
            item.delete();
        }
        scm.close();
    }

    @Test
    void aBranchOfTheRepositoryIsTrusted() throws Exception {
        assertThat(refusals(buildOf("master"))).isEmpty();
    }

    @Test
    void aChangeRequestOfTheRepositoryIsTrusted() throws Exception {
        int number = scm.openChangeRequest(REPOSITORY, "master");

        assertThat(refusals(buildOf("CR-" + number))).isEmpty();
    }

    @Test
    void aForkedChangeRequestIsRefused() throws Exception {
        int number = scm.openChangeRequest(REPOSITORY, "master", MockChangeRequestFlags.FORK);

        assertThat(refusals(buildOf("CR-" + number)))
                .singleElement()
                .asString()
                .startsWith("'CR-" + number + "' comes from the fork '");
    }

    @Test
    void aRevisionTheSourceDoesNotTrustIsRefused() throws Exception {
        int number = scm.openChangeRequest(REPOSITORY, "master", MockChangeRequestFlags.UNTRUSTED);

        assertThat(refusals(buildOf("CR-" + number)))
                .singleElement()
                .asString()
                .contains("of 'CR-" + number + "' is not trusted by its source");
    }

    @Test
    void aBotsChangeIsRefusedAlthoughTheSourceTrustsItUnlessTheAdministratorAllowsThatBot() throws Exception {
        WorkflowRun build = buildOf("CR-" + scm.openChangeRequest(REPOSITORY, "master"));
        contributorIs(build, new ContributorMetadataAction("dependabot[bot]", null, null));

        assertThat(refusals(build)).singleElement().asString().endsWith(" is the change of a bot: dependabot[bot]");
        allow("renovate");
        assertThat(refusals(build)).hasSize(1);
        allow("renovate, dependabot");
        assertThat(refusals(build)).isEmpty();
    }

    @Test
    void aChangeWhoseAuthorIsNotKnownIsRefusedUnlessEverybodysIsAllowed() throws Exception {
        WorkflowRun build = buildOf("CR-" + scm.openChangeRequest(REPOSITORY, "master"));
        contributorIs(build, null);

        assertThat(refusals(build)).singleElement().asString().endsWith(" is not known, so it may be a bot");
        allow("*");
        assertThat(refusals(build)).isEmpty();
    }

    @Test
    void aBranchThatABotMakesIsRefused() throws Exception {
        scm.cloneBranch(REPOSITORY, "master", "renovate-me");
        scm.cloneBranch(REPOSITORY, "master", "dependabot-npm-9");

        assertThat(refusals(buildOf("renovate-me"))).isEmpty();
        assertThat(refusals(buildOf("dependabot-npm-9")))
                .containsExactly("'dependabot-npm-9' is the change of a bot: dependabot");
    }

    private static void allow(String bots) {
        CodexAuthConfiguration.get().setAllowedBots(bots);
    }

    /** As a source would have said that knows another author, or none. */
    private void contributorIs(WorkflowRun build, ContributorMetadataAction author) throws Exception {
        Branch branch = project.getProjectFactory().getBranch(build.getParent());
        List<Action> actions = new ArrayList<>(branch.getActions());
        actions.removeIf(ContributorMetadataAction.class::isInstance);
        if (author != null) {
            actions.add(author);
        }
        // Only branch-api itself may say so, when it has asked a source.
        Method setActions = Branch.class.getDeclaredMethod("setActions", List.class);
        setActions.setAccessible(true);
        setActions.invoke(branch, actions);
    }

    @Test
    void aRevisionThatIsNotKnownIsRefused() throws Exception {
        WorkflowRun build = buildOf("master");
        build.removeActions(SCMRevisionAction.class);

        assertThat(refusals(build)).containsExactly("which revision of 'master' this build is of is not known");
    }

    @Test
    void aSourceThatDoesNotAnswerIsNotTakenForAYes() throws Exception {
        int number = scm.openChangeRequest(REPOSITORY, "master");
        WorkflowRun build = buildOf("CR-" + number);
        scm.addFault(new MockFailure() {
            @Override
            public void check(String repository, String branchOrCR, String revision, boolean actions)
                    throws IOException {
                throw new IOException("the server is down");
            }
        });

        assertThat(refusals(build))
                .containsExactly("whether the source trusts the revision is not known (IOException)");
    }

    @Test
    void aBranchThatIsGoneIsRefused() throws Exception {
        scm.cloneBranch(REPOSITORY, "master", "feature");
        WorkflowRun build = buildOf("feature");
        project.getSourcesList().clear();

        assertThat(refusals(build)).hasSize(1);
    }

    @Test
    void aBuildThatAForksChangeStartedIsRefusedHoweverManyBuildsAreInBetween() throws Exception {
        WorkflowRun fork = buildOf("CR-" + scm.openChangeRequest(REPOSITORY, "master", MockChangeRequestFlags.FORK));
        Run<?, ?> relayed = startedBy(startedBy(fork));

        assertThat(refusals(relayed))
                .singleElement()
                .asString()
                .startsWith("it was started by " + fork.getParent().getFullName() + " #1, and there 'CR-")
                .contains("' comes from the fork '");
    }

    @Test
    void aBuildThatATrustedBranchStartedIsTrusted() throws Exception {
        assertThat(refusals(startedBy(buildOf("master")))).isEmpty();
    }

    @Test
    void aBuildIsRefusedOfWhichNobodyKnowsAnyMoreWhoseChangeStartedIt() throws Exception {
        WorkflowRun fork = buildOf("CR-" + scm.openChangeRequest(REPOSITORY, "master", MockChangeRequestFlags.FORK));
        Run<?, ?> started = startedBy(fork);
        fork.delete();

        assertThat(refusals(started)).singleElement().asString().contains(" #1, which is gone, so whose change ");
        fork.getParent().delete();
        assertThat(refusals(started)).singleElement().asString().contains(" #1, which is gone, so whose change ");
    }

    @Test
    void aJobThatStartsItselfIsTrustedUntilItsBuildsCannotBeLookedThrough() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        Run<?, ?> build = startedBy(jenkins.buildAndAssertSuccess(job), job);
        job.getBuildByNumber(1).delete();

        assertThat(refusals(build)).isEmpty();
        for (int builds = 0; builds < 100; builds++) {
            build = startedBy(build, job);
        }
        assertThat(refusals(build)).containsExactly("more than 100 builds started each other until this one came");
    }

    private static Run<?, ?> startedBy(Run<?, ?> above) throws Exception {
        return startedBy(above, jenkins.createFreeStyleProject());
    }

    private static Run<?, ?> startedBy(Run<?, ?> above, FreeStyleProject job) throws Exception {
        return job.scheduleBuild2(0, new Cause.UpstreamCause(above)).get();
    }

    @Test
    void aReplayNeedsPermissionOnTheProjectThatMakesTheBranches() throws Exception {
        WorkflowRun build = buildOf("master");

        assertThat(refusals(replay(build, "bob"))).singleElement().asString().contains("by 'bob'");
        assertThat(refusals(replay(build, "admin"))).isEmpty();
    }

    private WorkflowRun replay(WorkflowRun build, String user) throws Exception {
        try (ACLContext ignored = ACL.as2(User.getById(user, true).impersonate2())) {
            build.getAction(ReplayAction.class).run2("echo 'something else'", Map.of(), false);
        }
        jenkins.waitUntilNoActivityUpTo(LONGEST_BUILD_MILLIS);
        return build.getParent().getLastBuild();
    }

    private WorkflowRun buildOf(String head) throws Exception {
        project.scheduleBuild2(0).getFuture().get();
        jenkins.waitUntilNoActivityUpTo(LONGEST_BUILD_MILLIS);
        WorkflowJob job = project.getItem(head);
        assertThat(job).as(head).isNotNull();
        return jenkins.assertBuildStatusSuccess(job.getLastBuild());
    }

    private static List<String> refusals(Run<?, ?> build) {
        CredentialRequest key = new CredentialRequest(SignInMode.API_KEY, List.of());
        return BuildTrust.judge(build, marked, key, "openai") instanceof TrustDecision.Refused refused
                ? refused.reasons().stream().map(Refusal::found).toList()
                : List.of();
    }
}
