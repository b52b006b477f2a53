package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.Result;
import hudson.util.Secret;
import io.github.codexauth.CredentialId;
import io.github.codexauth.standin.Login;
import io.github.codexauth.store.Encryption;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseState;
import io.jenkins.plugins.codexauth.account.AccountState;
import io.jenkins.plugins.codexauth.account.AccountStates;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.account.CodexAccountCredentials;
import io.jenkins.plugins.codexauth.account.FleetHolders;
import io.jenkins.plugins.codexauth.account.FleetStore;
import io.jenkins.plugins.codexauth.account.Health;
import io.jenkins.plugins.codexauth.trust.TrustedAgentProperty;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Accounts whose logins a fleet keeps in a store on a server, for several controllers and for jobs of other CI systems.
 */
class FleetStoreTest extends InJenkins {
    private static Fleet fleet;

    @BeforeAll
    static void start() throws Exception {
        fleet = Fleet.onPostgresql();
        fleet.secrets(lab);
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    private Login fleetLogin(Duration lasts) throws Exception {
        Login login = standIn.newLogin(lasts);
        fleet.account(Jenkins.get(), account, login, fleet.passwordId());
        return login;
    }

    private String withLogin(String options, String... commands) {
        return lab.blockWith("authJson: '" + account + "'" + options, commands);
    }

    @Test
    void aLoginIsRefreshedUnderTheFleetsLeaseAndStoredEncryptedInTheFleetsStoreAlone() throws Exception {
        fleetLogin(Duration.ofDays(9));
        standIn.endAccessTokens();

        WorkflowRun run = lab.success(lab.job(job, withLogin("", Lab.CODEX)));

        jenkins.assertLogContains("stored as generation 2", run);
        assertThat(fleet.stored(account).generation()).isEqualTo(2);
        assertThat(fleet.stored(account).savedBy()).isEqualTo(job + " #1");
        assertItIsThereAlone(fleet);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a cluster", "Vault"})
    void otherKindsOfStoresKeepALoginAsWell(String kind) throws Exception {
        try (Fleet other = kind.equals("Vault") ? Fleet.inVault() : Fleet.inCluster()) {
            other.account(lab, account, standIn.newLogin(Duration.ofDays(9)));
            standIn.endAccessTokens();
            Lease elsewhere = other.store().acquire(new CredentialId(account), me(), Duration.ZERO, busy -> {});
            WorkflowRun run =
                    lab.job(job, withLogin("", Lab.CODEX)).scheduleBuild2(0).waitForStart();
            jenkins.waitForMessage("waiting for a job of another system, in the fleet's store", run);
            elsewhere.close();

            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            jenkins.assertLogContains("stored as generation 2", run);
            assertThat(other.stored(account).generation()).isEqualTo(2);
            assertItIsThereAlone(other);
            remove(account);
        }
    }

    private void assertItIsThereAlone(Fleet there) throws Exception {
        try (Lease lease = there.store().acquire(new CredentialId(account), me(), Duration.ZERO, busy -> {})) {
            assertThat(lease.load().orElseThrow().encryption()).isEqualTo(Encryption.AGE);
        }
        assertThat(Lab.accounts().peek(new CredentialId(account))).isEmpty();
        assertThat(Lab.holder(account)).isEmpty();
        assertThat(Lab.filesWith(Jenkins.get().getRootDir().toPath(), standIn.everyTokenIssued()))
                .isEmpty();
    }

    @Test
    void anAccountWithoutAPastedLoginUsesWhatTheFleetHas() throws Exception {
        fleetLogin(Duration.ofDays(9));
        lab.success(lab.job(job, withLogin("", "echo seeded")));
        remove(account);
        fleet.account(Jenkins.get(), account, null, fleet.passwordId());

        lab.success(lab.job(job + "-next", withLogin("", Lab.CODEX)));

        AccountState state = AccountState.of(
                Accounts.find("", account).orElseThrow(), Clock.systemUTC().instant());
        assertThat(state.isStored()).isTrue();
        assertThat(state.getHolder()).isNull();
    }

    @Test
    void aBuildWaitsForWhoeverHasTheLoginElsewhere() throws Exception {
        fleetLogin(Duration.ofDays(9));
        lab.success(lab.job(job + "-seed", withLogin("", "echo seeded")));
        Lease elsewhere = fleet.store().acquire(new CredentialId(account), me(), Duration.ZERO, busy -> {});
        WorkflowRun run = lab.job(job, withLogin("", "echo in the block"))
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("waiting for a job of another system, in the fleet's store", run);
        jenkins.assertLogNotContains("in the block", run);
        elsewhere.close();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    /** A login of the fleet's that a job of another system has. */
    private Lease takenElsewhere() throws Exception {
        fleetLogin(Duration.ofDays(9));
        return fleet.store().acquire(new CredentialId(account), me(), Duration.ZERO, busy -> {});
    }

    @Test
    void whoWaitsForSomebodyElsewhereDoesSoForAsLongAsItWasTold() throws Exception {
        try (Lease ignored = takenElsewhere()) {
            WorkflowRun run = lab.failure(lab.job(job, withLogin(", wait: '1s'", "echo in the block")));

            jenkins.assertLogContains(
                    "error: credential '" + account
                            + "' was busy for 1s; a job of another system, in the fleet's store has it",
                    run);
            jenkins.assertLogContains("allow a longer 'wait'", run);
            jenkins.assertLogNotContains("in the block", run);
            assertThat(Lab.holder(account)).isEmpty();
        }
    }

    @Test
    void whoWaitsForSomebodyElsewhereCanBeStopped() throws Exception {
        try (Lease elsewhere = takenElsewhere()) {
            WorkflowRun run = lab.job(job, withLogin("", "echo in the block"))
                    .scheduleBuild2(0)
                    .waitForStart();
            jenkins.waitForMessage("in the fleet's store", run);
            assertThat(run.getExecution().getCurrentExecutions(true).get())
                    .extracting(StepExecution::getStatus)
                    .containsExactly("waiting for a job of another system, in the fleet's store");
            run.doStop();

            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
            jenkins.assertLogNotContains("in the block", run);
            assertThat(Lab.holder(account)).isEmpty();
            assertThat(elsewhere.state()).isInstanceOf(LeaseState.Held.class);
        }
    }

    @Test
    void whoWaitsForSomebodyElsewhereAroundNodeOccupiesNoExecutor() throws Exception {
        try (Lease elsewhere = takenElsewhere()) {
            WorkflowRun run = lab.job(
                            job,
                            "withCodexAuth(authJson: '" + account + "', wait: '1h') { node('agent') { sh 'true' } }")
                    .scheduleBuild2(0)
                    .waitForStart();
            Lab.awaitInQueue(run, "withCodexAuth: waiting for a job of another system, in the fleet's store");
            assertThat(agent.toComputer().countBusy()).isZero();
            assertThat(Lab.holder(account)).isEmpty();
            elsewhere.close();

            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        }
    }

    @Test
    void nobodyBeginsAroundNodeOnTheWordOfALongTimeAgo() throws Exception {
        fleetLogin(Duration.ofDays(9));
        CodexAccount asked = Accounts.find("", account).orElseThrow();
        AtomicLong now = new AtomicLong();
        FleetHolders holders = new FleetHolders(now::get);
        Lab.await(() -> holders.blockage(asked, () -> {}).isEmpty());
        now.addAndGet(Duration.ofHours(1).toNanos());
        try (Lease ignored = fleet.store().acquire(new CredentialId(account), me(), Duration.ZERO, busy -> {})) {
            assertThat(holders.blockage(asked, () -> {})).hasValue("asking the fleet's store for '" + account + "'");
            Lab.await(() -> holders.blockage(asked, () -> {})
                    .equals(Optional.of("waiting for a job of another system, in the fleet's store")));
        }
    }

    @Test
    void whoHasWaitedForSomebodyElsewhereIsJudgedOnceMore() throws Exception {
        TrustedAgentProperty trusted = agent.getNodeProperties().get(TrustedAgentProperty.class);
        try (Lease elsewhere = takenElsewhere()) {
            WorkflowRun run = lab.job(job, withLogin("", "echo in the block"))
                    .scheduleBuild2(0)
                    .waitForStart();
            jenkins.waitForMessage("in the fleet's store", run);
            agent.getNodeProperties().remove(trusted);
            elsewhere.close();

            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
            jenkins.assertLogContains("is not marked 'Codex credentials allowed'", run);
            assertThat(Lab.holder(account)).isEmpty();
        } finally {
            agent.getNodeProperties().add(trusted);
        }
    }

    @Test
    void buildsOfThisControllerTakeTurnsUnlessTheyShare() throws Exception {
        fleetLogin(Duration.ofDays(9));
        String waiting = "touch ../holds-" + job + "; until [ -e ../go-on-" + job + " ]; do sleep 0.1; done";
        WorkflowRun first =
                lab.job(job, withLogin("", waiting)).scheduleBuild2(0).waitForStart();
        Lab.awaitShell(jenkins, first, "touch ../holds-" + job);
        WorkflowRun second = lab.job(job + "-second", withLogin("", "echo second"))
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("waiting for " + job + " #1", second);
        goOn();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(first));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(second));
        lab.success(lab.job(job + "-third", withLogin(", shared: true", "echo third")));
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void theWholeLoginIsNotGivenToABlock() throws Exception {
        fleetLogin(Duration.ofDays(9));

        WorkflowRun run = lab.failure(lab.job(job, withLogin(", give: 'all'", "touch ../ran-" + job)));

        jenkins.assertLogContains("leave give: 'all' out", run);
        assertThat(onAgent("workspace/ran-" + job)).doesNotExist();
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void anAccountOfAFolderHasNoStoreSinceItsAddressCanNameFilesOfTheController() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, "folder-of-" + job);
        fleet.account(folder, account, standIn.newLogin(Duration.ofDays(9)), fleet.passwordId());
        WorkflowJob inFolder = folder.createProject(WorkflowJob.class, job);
        inFolder.setDefinition(new CpsFlowDefinition(withLogin("", "true"), true));

        WorkflowRun run = lab.failure(inFolder);

        jenkins.assertLogContains("names a store, and belongs to a folder", run);
    }

    @Test
    void aSecretThatIsMissingIsNamed() throws Exception {
        fleet.account(Jenkins.get(), account, standIn.newLogin(Duration.ofDays(9)), "no-such-password");

        WorkflowRun run = lab.failure(lab.job(job, withLogin("", "true")));

        jenkins.assertLogContains("there is no Secret text 'no-such-password' in Jenkins", run);
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void aStoreThatIsSilentHoldsUpAPageOnceAndNoOtherStoresAccounts() throws Exception {
        fleetLogin(Duration.ofDays(9));
        lab.success(lab.job(job, withLogin("", "echo seeded")));
        List<String> ids = List.of(account + ".1", account + ".2", account + ".3");
        // Connections wait there until they are taken, which nobody does.
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            for (String id : ids) {
                noLogin(
                        id,
                        new FleetStore(
                                "postgresql://runner@127.0.0.1:" + silent.getLocalPort() + "/codex?sslmode=disable"));
            }
            Map<String, AccountState> states =
                    AccountStates.of(Accounts.all(), Clock.systemUTC().instant()).values().stream()
                            .collect(Collectors.toMap(AccountState::getId, state -> state));

            assertThat(ids)
                    .extracting(states::get)
                    .allSatisfy(state -> assertThat(state.getHealth()).isEqualTo(Health.UNKNOWN))
                    .extracting(AccountState::getDamage)
                    .containsOnly("the account's store has not answered in 3s");
            assertThat(states.get(account).getHealth()).isEqualTo(Health.HEALTHY);
        } finally {
            for (String id : ids) {
                remove(id);
            }
        }
    }

    @Test
    void aStoreThatDoesNotAnswerIsToldByTheBuildAndOnThePage() throws Exception {
        FleetStore nobody = new FleetStore("postgresql://runner@127.0.0.1:1/codex?sslmode=disable");
        nobody.setIdentityId(fleet.identityId());
        noLogin(account, nobody);

        WorkflowRun run = lab.failure(lab.job(job, withLogin("", "true")));

        jenkins.assertLogContains("postgresql://runner@127.0.0.1:1/codex", run);
        AccountState state = AccountState.of(
                Accounts.find("", account).orElseThrow(), Clock.systemUTC().instant());
        assertThat(state.getDamage()).contains("127.0.0.1:1");
        assertThat(state.getHealth()).isEqualTo(Health.UNKNOWN);
        assertThat(state.isMayGoBack()).isFalse();
        remove(account);
    }

    /** An account of Jenkins' own into which nobody pasted a login. */
    private static void noLogin(String id, FleetStore store) throws Exception {
        Lab.store(Jenkins.get())
                .addCredentials(
                        Domain.global(),
                        new CodexAccountCredentials(CredentialsScope.GLOBAL, id, "", Secret.fromString(""), store));
    }

    private static void remove(String id) throws Exception {
        Lab.store(Jenkins.get())
                .removeCredentials(
                        Domain.global(), Accounts.find("", id).orElseThrow().credential());
    }

    private static Holder me() {
        return new Holder("a job of another system", Clock.systemUTC().instant());
    }
}
