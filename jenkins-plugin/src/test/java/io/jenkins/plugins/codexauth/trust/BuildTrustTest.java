package io.jenkins.plugins.codexauth.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.hudson.plugins.folder.properties.AuthorizationMatrixProperty;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Cause;
import hudson.model.Computer;
import hudson.model.Descriptor;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.TopLevelItem;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.AuthorizationStrategy;
import hudson.security.ProjectMatrixAuthorizationStrategy;
import hudson.slaves.AbstractCloudComputer;
import hudson.slaves.AbstractCloudSlave;
import hudson.slaves.DumbSlave;
import hudson.util.Secret;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SignInMode;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.TrustDecision;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.jenkinsci.plugins.matrixauth.AuthorizationType;
import org.jenkinsci.plugins.matrixauth.PermissionEntry;
import org.jenkinsci.plugins.pipeline.modeldefinition.actions.RestartDeclarativePipelineAction;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockQueueItemAuthenticator;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class BuildTrustTest {
    /** Without it the harness waits for a build that hangs as long as anybody lets it. */
    private static final int LONGEST_BUILD_MILLIS = 120_000;

    private static final CredentialRequest KEY = new CredentialRequest(SignInMode.API_KEY, List.of());

    private static JenkinsRule jenkins;
    private static DumbSlave marked;

    private FreeStyleProject job;
    private Run<?, ?> build;

    @BeforeAll
    static void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        rule.jenkins.setQuietPeriod(0);
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        marked = rule.createOnlineSlave(Jenkins.get().getLabel("codex"));
        marked.getNodeProperties().add(new TrustedAgentProperty());
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(
                        CredentialsScope.GLOBAL, "openai", null, Secret.fromString("sk-not-a-real-key-0123456789")));
        SystemCredentialsProvider.getInstance().save();
    }

    @BeforeEach
    void makeBuild() throws Exception {
        jenkins.jenkins.setAuthorizationStrategy(everybodyHasTheirs());
        job = jenkins.createFreeStyleProject();
        build = jenkins.buildAndAssertSuccess(job);
    }

    @AfterEach
    void forget() throws Exception {
        QueueItemAuthenticatorConfiguration.get().getAuthenticators().clear();
        CodexAuthConfiguration.get().setAgentLabels(null);
        CodexAuthConfiguration.get().setAnonymousReadAllowed(false);
        for (TopLevelItem item : jenkins.jenkins.getItems()) {
            item.delete();
        }
    }

    private static MockAuthorizationStrategy everybodyHasTheirs() {
        return new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ, Item.READ, Item.BUILD, ReplayAction.REPLAY, Computer.BUILD)
                .everywhere()
                .to("bob")
                .grant(Jenkins.READ, Item.READ, Item.BUILD, Item.CONFIGURE, ReplayAction.REPLAY, Computer.BUILD)
                .everywhere()
                .to("carol");
    }

    private static List<String> refusals(Run<?, ?> build, Node node) {
        return refusals(build, node, KEY, "openai");
    }

    private static List<String> refusals(Run<?, ?> build, Node node, CredentialRequest request, String credential) {
        return BuildTrust.judge(build, node, request, credential) instanceof TrustDecision.Refused refused
                ? refused.reasons().stream().map(Refusal::found).toList()
                : List.of();
    }

    @Test
    void aBuildOnAMarkedAgentIsTrusted() {
        assertThat(refusals(build, marked)).isEmpty();
    }

    @Test
    void aPipelineOnAMarkedAgentSignsIn() throws Exception {
        WorkflowJob pipeline = pipeline("node('codex') { withCodexAuth(apiKey: 'openai') { echo 'signed in' } }");

        jenkins.assertLogContains("signed in", jenkins.buildAndAssertSuccess(pipeline));
    }

    /** Whoever knows the job's token may start it and no more, which is what its configuration says. */
    @Test
    void aBuildThatWasStartedByTheTokenOfItsJobIsTrustedAndTheAuditLogSaysFromWhere() throws Exception {
        build = job.scheduleBuild2(0, new Cause.RemoteCause("192.0.2.7", "nightly"))
                .get();

        assertThat(refusals(build, marked)).isEmpty();
        assertThat(AuditLog.get().latest(1))
                .singleElement()
                .satisfies(line -> assertThat(line.who()).isEqualTo("remote 192.0.2.7"));
    }

    @Nested
    class Agents {
        @Test
        void theBuiltInNodeIsRefused() {
            assertThat(refusals(build, jenkins.jenkins))
                    .singleElement()
                    .asString()
                    .contains("the built-in node");
        }

        @Test
        void theBuiltInNodeIsRefusedEvenIfSomebodyMarkedIt() throws Exception {
            jenkins.jenkins.getNodeProperties().add(new TrustedAgentProperty());
            try {
                assertThat(refusals(build, jenkins.jenkins)).hasSize(1);
            } finally {
                jenkins.jenkins.getNodeProperties().clear();
            }
        }

        @Test
        void anAgentWithoutThePropertyIsRefused() throws Exception {
            DumbSlave other = jenkins.createSlave();

            assertThat(refusals(build, other))
                    .containsExactly("agent '" + other.getNodeName() + "' is not marked 'Codex credentials allowed'");
        }

        @Test
        void anAgentOutsideTheLabelsIsRefused() {
            CodexAuthConfiguration.get().setAgentLabels("codex && vault");

            assertThat(refusals(build, marked))
                    .containsExactly(
                            "agent '" + marked.getNodeName() + "' has the labels 'codex', outside of 'codex && vault'");
        }

        @Test
        void labelsAloneDoNotMarkAnAgent() throws Exception {
            CodexAuthConfiguration.get().setAgentLabels("codex");

            assertThat(refusals(build, jenkins.createSlave("codex", null)))
                    .singleElement()
                    .asString()
                    .contains("is not marked");
        }

        @Test
        void aMarkedAgentWithinTheLabelsIsTrusted() {
            CodexAuthConfiguration.get().setAgentLabels("codex");

            assertThat(refusals(build, marked)).isEmpty();
        }

        @Test
        void labelsThatCannotBeReadTrustNobody() {
            CodexAuthConfiguration.get().setAgentLabels("codex &&");

            assertThat(refusals(build, marked)).singleElement().asString().contains("cannot be read");
        }

        @Test
        void aCloudAgentWhoseTemplateIsNotMarkedIsRefused() throws Exception {
            CloudAgent agent = new CloudAgent("cloud-1");
            agent.setLabelString("fleet");

            TrustDecision decision = BuildTrust.judge(build, agent, KEY, "openai");

            assertThat(((TrustDecision.Refused) decision).reasons())
                    .singleElement()
                    .satisfies(refusal -> {
                        assertThat(refusal.found())
                                .isEqualTo(
                                        "agent 'cloud-1' was made by a cloud, and its template is not marked 'Codex credentials allowed'");
                        assertThat(refusal.fix()).contains("Manage Jenkins > Clouds", "the labels 'fleet'");
                    });
        }

        @Test
        void aCloudAgentWhoseTemplateIsMarkedIsTrusted() throws Exception {
            CloudAgent agent = new CloudAgent("cloud-2");
            agent.setNodeProperties(List.of(new TrustedAgentProperty()));

            assertThat(refusals(build, agent)).isEmpty();
        }

        @Test
        void anAgentThatIsLimitedRefusesOtherCredentials() throws Exception {
            DumbSlave limited = jenkins.createSlave();
            TrustedAgentProperty property = new TrustedAgentProperty();
            property.setCredentials("team-a, codex-ci");
            limited.getNodeProperties().add(property);
            CredentialRequest login = managed("codex-ci");
            CredentialRequest pool = managed("team-a.1", "team-a.2");

            assertThat(refusals(build, limited))
                    .singleElement()
                    .asString()
                    .contains("codex-ci, team-a only", "'openai'");
            assertThat(refusals(build, limited, login, "codex-ci")).isEmpty();
            assertThat(refusals(build, limited, pool, "team-a")).isEmpty();
            assertThat(refusals(build, limited, managed("team-b.1"), "team-b")).hasSize(1);
        }

        @Test
        void anAgentThatIsForOtherJobsRefusesThisOne() throws Exception {
            Folder team = jenkins.createProject(Folder.class, "team");
            FreeStyleProject inside = team.createProject(FreeStyleProject.class, "deploy");
            DumbSlave agent = jenkins.createSlave();
            agent.getNodeProperties().add(forJobs("nightly\n/team/ \n"));

            assertThat(refusals(build, agent))
                    .singleElement()
                    .isEqualTo(
                            "agent '" + agent.getNodeName() + "' is for the jobs and folders nightly, team only, and '"
                                    + job.getName() + "' is not among them");
            assertThat(refusals(jenkins.buildAndAssertSuccess(inside), agent)).isEmpty();
        }

        /** One that runs beside another, as the same user, can read what that has. */
        @Test
        void noBuildOfAnotherJobStartsOnAnAgentThatIsForSome() throws Exception {
            WorkflowJob others = pipeline("node('reserved') { echo 'beside them' }");
            Folder team = jenkins.createProject(Folder.class, "team");
            WorkflowJob ours = team.createProject(WorkflowJob.class, "deploy");
            ours.setDefinition(new CpsFlowDefinition("node('reserved') { echo 'ours' }", true));
            DumbSlave agent = jenkins.createOnlineSlave(Jenkins.get().getLabel("reserved"));
            agent.getNodeProperties().add(forJobs("team"));

            WorkflowRun waiting = others.scheduleBuild2(0).waitForStart();
            // Another thread would be anonymous, and see nothing.
            await().pollInSameThread().until(() -> jenkins.jenkins.getQueue().getItems().length == 1);
            jenkins.buildAndAssertSuccess(ours);

            Queue.Item item = jenkins.jenkins.getQueue().getItems()[0];
            assertThat(item.getWhy()).contains("is for team only");
            agent.getNodeProperties().clear();
            jenkins.jenkins.getQueue().scheduleMaintenance();
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(waiting));
        }

        private static TrustedAgentProperty forJobs(String names) {
            TrustedAgentProperty property = new TrustedAgentProperty();
            property.setJobs(names);
            return property;
        }
    }

    private static CredentialRequest managed(String... ids) {
        return new CredentialRequest(
                SignInMode.MANAGED, List.of(ids).stream().map(CredentialId::new).toList());
    }

    @Nested
    class Readers {
        @Test
        void aJobThatAnonymousCanReadIsRefused() {
            jenkins.jenkins.setAuthorizationStrategy(
                    everybodyHasTheirs().grant(Item.READ).onItems(job).to("anonymous"));

            assertThat(refusals(build, marked)).containsExactly("anonymous may read the job '" + job.getName() + "'");
        }

        @Test
        void theAdministratorMayAllowThat() {
            jenkins.jenkins.setAuthorizationStrategy(
                    everybodyHasTheirs().grant(Item.READ).onItems(job).to("anonymous"));
            CodexAuthConfiguration.get().setAnonymousReadAllowed(true);

            assertThat(refusals(build, marked)).isEmpty();
        }

        @Test
        void everythingIsRefusedWhileSecurityIsOff() {
            jenkins.jenkins.setAuthorizationStrategy(new AuthorizationStrategy.Unsecured());
            CodexAuthConfiguration.get().setAnonymousReadAllowed(true);

            assertThat(refusals(build, marked)).containsExactly("security is off, and everybody may change every job");
        }

        @Test
        void aFoldersPermissionsCount() throws Exception {
            jenkins.jenkins.setAuthorizationStrategy(matrix());
            Folder open = folderReadableBy("anonymous");
            Folder closed = folderReadableBy("bob");
            Run<?, ?> inOpen = jenkins.buildAndAssertSuccess(open.createProject(FreeStyleProject.class, "app"));
            Run<?, ?> inClosed = jenkins.buildAndAssertSuccess(closed.createProject(FreeStyleProject.class, "app"));

            assertThat(refusals(inOpen, marked)).singleElement().asString().contains("anonymous may read");
            assertThat(refusals(inClosed, marked)).isEmpty();
        }

        private ProjectMatrixAuthorizationStrategy matrix() {
            ProjectMatrixAuthorizationStrategy matrix = new ProjectMatrixAuthorizationStrategy();
            matrix.add(Jenkins.ADMINISTER, PermissionEntry.user("admin"));
            return matrix;
        }

        private Folder folderReadableBy(String user) throws Exception {
            Folder folder = jenkins.createProject(Folder.class);
            AuthorizationMatrixProperty property = new AuthorizationMatrixProperty(List.of());
            property.add(Item.READ, new PermissionEntry(AuthorizationType.USER, user));
            folder.addProperty(property);
            return folder;
        }
    }

    @Nested
    class Replays {
        @Test
        void aReplayByAUserWithoutPermissionIsRefused() throws Exception {
            WorkflowRun replay = replay(firstBuild(), "bob", false);

            assertThat(refusals(replay, marked))
                    .singleElement()
                    .asString()
                    .startsWith("the build is a replay or restart by 'bob', who may not configure the job");
        }

        @Test
        void aReplayByAUserWhoMayConfigureTheJobIsTrusted() throws Exception {
            assertThat(refusals(replay(firstBuild(), "carol", false), marked)).isEmpty();
        }

        @Test
        void aRebuildOfSuchAReplayIsRefusedWhoeverAsksForIt() throws Exception {
            WorkflowRun rebuild = replay(replay(firstBuild(), "bob", false), "carol", true);

            assertThat(refusals(rebuild, marked))
                    .singleElement()
                    .asString()
                    .startsWith("#2, which the build repeats, is a replay or restart by 'bob'");
        }

        @Test
        void aRebuildOfABuildThatIsGoneIsRefused() throws Exception {
            WorkflowRun first = firstBuild();
            WorkflowRun rebuild = replay(first, "carol", true);
            first.delete();

            assertThat(refusals(rebuild, marked)).singleElement().asString().contains("#1, which is gone");
        }

        @Test
        void aRestartedStageOfSuchAReplayIsRefusedWhoeverAsksForIt() throws Exception {
            String script = "pipeline { agent none; stages { stage('one') { steps { echo 'one' } } } }";
            WorkflowRun first = jenkins.buildAndAssertSuccess(pipeline(script));
            WorkflowRun byCarol = restart(first, "carol");
            WorkflowRun byBob = replay(first, "bob", false, script);

            assertThat(refusals(byCarol, marked)).isEmpty();
            assertThat(refusals(restart(byBob, "carol"), marked))
                    .singleElement()
                    .asString()
                    .startsWith("#3, which the build repeats, is a replay or restart by 'bob'");
        }

        private WorkflowRun restart(WorkflowRun build, String user) throws Exception {
            try (ACLContext ignored = ACL.as2(User.getById(user, true).impersonate2())) {
                build.getAction(RestartDeclarativePipelineAction.class).run("one");
            }
            jenkins.waitUntilNoActivityUpTo(LONGEST_BUILD_MILLIS);
            return build.getParent().getLastBuild();
        }

        private WorkflowRun firstBuild() throws Exception {
            return jenkins.buildAndAssertSuccess(pipeline("echo 'as configured'"));
        }

        private WorkflowRun replay(WorkflowRun build, String user, boolean rebuild) throws Exception {
            return replay(build, user, rebuild, "echo 'something else'");
        }

        private WorkflowRun replay(WorkflowRun build, String user, boolean rebuild, String script) throws Exception {
            try (ACLContext ignored = ACL.as2(User.getById(user, true).impersonate2())) {
                build.getAction(ReplayAction.class).run2(script, Map.of(), rebuild);
            }
            jenkins.waitUntilNoActivityUpTo(LONGEST_BUILD_MILLIS);
            return build.getParent().getLastBuild();
        }
    }

    @Nested
    class Permissions {
        @Test
        void aCredentialTheBuildsUserMayNotUseIsRefused() {
            runAs("bob");

            assertThat(refusals(build, marked))
                    .containsExactly("credential 'openai' may not be used by the builds of '" + job.getName()
                            + "', which run as 'bob'");
        }

        @Test
        void aUserWhoMayUseItIsTrusted() {
            runAs("carol");

            assertThat(refusals(build, marked)).isEmpty();
        }

        @Test
        void workloadIdentityTakesNoCredentialOfJenkins() {
            runAs("bob");

            assertThat(refusals(
                            build, marked, new CredentialRequest(SignInMode.WORKLOAD_IDENTITY, List.of()), "rule-1"))
                    .isEmpty();
        }

        private void runAs(String user) {
            QueueItemAuthenticatorConfiguration.get()
                    .getAuthenticators()
                    .add(new MockQueueItemAuthenticator()
                            .authenticate(
                                    job.getFullName(), User.getById(user, true).impersonate2()));
        }
    }

    @Test
    void allReasonsAreInOneMessage() throws Exception {
        WorkflowJob pipeline = pipeline("node('plain') { withCodexAuth(apiKey: 'openai') { echo 'signed in' } }");
        DumbSlave plain = jenkins.createOnlineSlave(Jenkins.get().getLabel("plain"));
        CodexAuthConfiguration.get().setAgentLabels("codex");
        jenkins.jenkins.setAuthorizationStrategy(
                everybodyHasTheirs().grant(Item.READ).onItems(pipeline).to("anonymous"));

        WorkflowRun refused = jenkins.buildAndAssertStatus(Result.FAILURE, pipeline);

        jenkins.assertLogNotContains("signed in\n", refused);
        assertThat(JenkinsRule.getLog(refused))
                .contains("ERROR: withCodexAuth: agent '" + plain.getNodeName()
                        + "' is not marked 'Codex credentials allowed'; agent '"
                        + plain.getNodeName()
                        + "' has the labels 'plain', outside of 'codex'; anonymous may read the job '"
                        + pipeline.getName() + "'")
                .contains("[codex-auth] hint: tick 'Codex credentials allowed' in Manage Jenkins > Nodes > ")
                .contains("[codex-auth] hint: take Job/Read from Anonymous");
    }

    @Test
    void everyVerdictIsInTheAuditLog() throws Exception {
        refusals(build, jenkins.jenkins);
        refusals(build, marked);

        List<AuditLine> lines = AuditLog.get().latest(2);

        assertThat(lines.get(0))
                .extracting(AuditLine::allowed, AuditLine::agent, AuditLine::reasons)
                .containsExactly(true, marked.getNodeName(), List.of());
        assertThat(lines.get(1)).satisfies(line -> {
            assertThat(line.allowed()).isFalse();
            assertThat(line.agent()).isEqualTo("built-in");
            assertThat(line.job()).isEqualTo(job.getFullName());
            assertThat(line.build()).isEqualTo(1);
            assertThat(line.runsAs()).isEqualTo("SYSTEM");
            assertThat(line.credential()).isEqualTo("openai");
            assertThat(line.mode()).isEqualTo("API key");
            assertThat(line.reasons()).singleElement().asString().contains("built-in node");
        });
    }

    private static WorkflowJob pipeline(String script) throws Exception {
        WorkflowJob pipeline = jenkins.createProject(WorkflowJob.class);
        pipeline.setDefinition(new CpsFlowDefinition(script, true));
        return pipeline;
    }

    /** An agent as a cloud makes them. */
    private static final class CloudAgent extends AbstractCloudSlave {
        private static final long serialVersionUID = 1L;

        CloudAgent(String name) throws Descriptor.FormException, java.io.IOException {
            super(name, "/tmp/unused", new hudson.slaves.JNLPLauncher());
        }

        @Override
        public AbstractCloudComputer<CloudAgent> createComputer() {
            return new AbstractCloudComputer<>(this);
        }

        @Override
        protected void _terminate(TaskListener listener) {}
    }
}
