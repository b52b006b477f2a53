package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.ItemGroup;
import hudson.util.Secret;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SecretText;
import io.github.codexauth.standin.Login;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.Encryption;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.stores.PreparedStore;
import io.github.codexauth.stores.ServerStoreTypes;
import io.github.codexauth.stores.postgresql.RealPostgresql;
import io.jenkins.plugins.codexauth.account.AccountState;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.account.CodexAccountCredentials;
import io.jenkins.plugins.codexauth.account.FleetStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Accounts whose logins a fleet keeps in PostgreSQL, for several controllers and for jobs of other CI systems. */
class FleetStoreTest extends InJenkins {
    private static RealPostgresql server;

    @BeforeAll
    static void prepare() throws Exception {
        server = RealPostgresql.start();
        PreparedStore prepared = (PreparedStore)
                ServerStoreTypes.at(address("owner"), () -> Optional.of(SecretText.of(RealPostgresql.OWNER_PASSWORD)))
                        .orElseThrow();
        for (String right : prepared.prepare(Optional.of("runner"), List.of())) {
            server.admin(right);
        }
        lab.text("store-password", RealPostgresql.RUNNER_PASSWORD);
        lab.text("fleet-identity", AtRest.newKeyPair().identity().reveal());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String address(String user) {
        return "postgresql://" + user + "@127.0.0.1:" + server.port() + "/codex?sslmode=disable";
    }

    /** The store as a job of another system sees it. */
    private static CredentialStore fleet() throws Exception {
        return ServerStoreTypes.at(address("runner"), () -> Optional.of(SecretText.of(RealPostgresql.RUNNER_PASSWORD)))
                .orElseThrow()
                .open(Clock.systemUTC())
                .store();
    }

    private Envelope inFleet() throws Exception {
        return fleet().peek(new CredentialId(account)).orElseThrow();
    }

    private void fleetAccount(ItemGroup<?> place, @Nullable Login pasted, String password) throws Exception {
        FleetStore store = new FleetStore(address("runner"));
        store.setPasswordId(password);
        store.setIdentityId("fleet-identity");
        CodexAccountCredentials credential = new CodexAccountCredentials(
                CredentialsScope.GLOBAL,
                account,
                "",
                pasted == null ? Secret.fromString("") : Lab.secret(pasted),
                store);
        credential.setShared(true);
        Lab.store(place).addCredentials(Domain.global(), credential);
    }

    private Login fleetLogin(Duration lasts) throws Exception {
        Login login = standIn.newLogin(lasts);
        fleetAccount(Jenkins.get(), login, "store-password");
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
        assertThat(inFleet().generation()).isEqualTo(2);
        assertThat(inFleet().savedBy()).isEqualTo(job + " #1");
        try (Lease lease = fleet().acquire(new CredentialId(account), me(), Duration.ZERO, busy -> {})) {
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
        Lab.store(Jenkins.get())
                .removeCredentials(
                        Domain.global(),
                        Accounts.find("", account).orElseThrow().credential());
        fleetAccount(Jenkins.get(), null, "store-password");

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
        Lease elsewhere = fleet().acquire(new CredentialId(account), me(), Duration.ZERO, busy -> {});
        WorkflowRun run = lab.job(job, withLogin("", "echo in the block"))
                .scheduleBuild2(0)
                .waitForStart();
        Lab.await(() -> fleet().waiters(new CredentialId(account)).getAsInt() == 1);
        jenkins.assertLogNotContains("in the block", run);
        elsewhere.close();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
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
        fleetAccount(folder, standIn.newLogin(Duration.ofDays(9)), "store-password");
        WorkflowJob inFolder = folder.createProject(WorkflowJob.class, job);
        inFolder.setDefinition(new CpsFlowDefinition(withLogin("", "true"), true));

        WorkflowRun run = lab.failure(inFolder);

        jenkins.assertLogContains("names a store, and belongs to a folder", run);
    }

    @Test
    void aSecretThatIsMissingIsNamed() throws Exception {
        fleetAccount(Jenkins.get(), standIn.newLogin(Duration.ofDays(9)), "no-such-password");

        WorkflowRun run = lab.failure(lab.job(job, withLogin("", "true")));

        jenkins.assertLogContains("there is no Secret text 'no-such-password' in Jenkins", run);
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void aStoreThatDoesNotAnswerIsToldByTheBuildAndOnThePage() throws Exception {
        FleetStore nobody = new FleetStore("postgresql://runner@127.0.0.1:1/codex?sslmode=disable");
        nobody.setIdentityId("fleet-identity");
        Lab.store(Jenkins.get())
                .addCredentials(
                        Domain.global(),
                        new CodexAccountCredentials(
                                CredentialsScope.GLOBAL, account, "", Secret.fromString(""), nobody));

        WorkflowRun run = lab.failure(lab.job(job, withLogin("", "true")));

        jenkins.assertLogContains("postgresql://runner@127.0.0.1:1/codex", run);
        AccountState state = AccountState.of(
                Accounts.find("", account).orElseThrow(), Clock.systemUTC().instant());
        assertThat(state.getDamage()).contains("127.0.0.1:1");
        assertThat(state.isMayGoBack()).isFalse();
        Lab.store(Jenkins.get())
                .removeCredentials(
                        Domain.global(),
                        Accounts.find("", account).orElseThrow().credential());
    }

    private static Holder me() {
        return new Holder("a job of another system", Clock.systemUTC().instant());
    }
}
