package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.FilePath;
import hudson.model.TaskListener;
import hudson.slaves.DumbSlave;
import hudson.slaves.OfflineCause;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SignInMode;
import io.github.codexauth.login.SessionId;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.TrustDecision;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.lease.BuildOwners;
import io.jenkins.plugins.codexauth.lease.Turn;
import io.jenkins.plugins.codexauth.lease.TurnListener;
import io.jenkins.plugins.codexauth.session.BuildOnAgent;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import io.jenkins.plugins.codexauth.session.FleetWait;
import io.jenkins.plugins.codexauth.session.Loan;
import io.jenkins.plugins.codexauth.trust.BuildTrust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** A restart of the controller after a home was made, and before the block began. */
class InterruptedSignInTest extends InJenkins {
    private static FleetWait nobodyElsewhere(TrustDecision.Trusted proof) {
        return new FleetWait(Instant.now(), Optional.empty(), () -> proof);
    }

    @Test
    void whatCodexRefreshedInTheHomeIsStoredBeforeANewHomeTakesItsPlace() throws Exception {
        Login login = freshLogin();
        DumbSlave unsteady = lab.unsteadyAgent("unsteady-" + job);
        String waiting = "node('agent') { sh 'until [ -e ../go-on-" + job + " ]; do sleep 0.1; done' }";
        WorkflowRun run = lab.job(job, waiting).scheduleBuild2(0).waitForStart();
        CodexAccount asked = Accounts.find(run, account).orElseThrow();
        CredentialRequest request = new CredentialRequest(SignInMode.MANAGED, List.of(asked.id()));
        TrustDecision.Trusted proof = (TrustDecision.Trusted) BuildTrust.judge(run, unsteady, request, account);
        String session = SessionId.random().value();
        takeTurn(asked, session, run);
        Loan loan = new Loan(false, false, Duration.ofHours(2), RealCodex.config(standIn));
        // Another controller's process: this one will know nothing but what is on the disk.
        new BuildSessions().open(session, on(unsteady, run), asked, proof, loan, nobodyElsewhere(proof));
        Path authJson = Path.of(unsteady.getRemoteFS())
                .resolve("workspace")
                .resolve(job + "@tmp/codex-auth")
                .resolve(session)
                .resolve("auth.json");
        unsteady.toComputer().disconnect(OfflineCause.create(null)).get();
        Lab.await(() -> unsteady.toComputer().isOffline());
        Files.write(authJson, standIn.refreshUnseen(login));
        unsteady.toComputer().connect(true).get();

        BuildSessions.get().open(session, on(unsteady, run), asked, proof, loan, nobodyElsewhere(proof));

        assertThat(Lab.stored(account).generation()).isEqualTo(2);
        assertThat(Files.readString(authJson)).contains(login.current().refreshToken());
        BuildSessions.get().end(session, TaskListener.NULL);
        assertThat(authJson).doesNotExist();
        goOn();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @Test
    void aSessionThatEndedWhileItsAgentWasAwayIsNotTakenUpAgain() throws Exception {
        freshLogin();
        DumbSlave unsteady = lab.unsteadyAgent("unsteady-" + job);
        String waiting = "node('agent') { sh 'until [ -e ../go-on-" + job + " ]; do sleep 0.1; done' }";
        WorkflowRun run = lab.job(job, waiting).scheduleBuild2(0).waitForStart();
        CodexAccount asked = Accounts.find(run, account).orElseThrow();
        CredentialRequest request = new CredentialRequest(SignInMode.MANAGED, List.of(asked.id()));
        TrustDecision.Trusted proof = (TrustDecision.Trusted) BuildTrust.judge(run, unsteady, request, account);
        String session = SessionId.random().value();
        takeTurn(asked, session, run);
        BuildSessions.get()
                .open(
                        session,
                        on(unsteady, run),
                        asked,
                        proof,
                        new Loan(false, false, Duration.ZERO, null),
                        nobodyElsewhere(proof));
        unsteady.toComputer().disconnect(OfflineCause.create(null)).get();
        Lab.await(() -> unsteady.toComputer().isOffline());

        BuildSessions.get().end(session, TaskListener.NULL);

        assertThat(BuildSessions.get().resume(session, TaskListener.NULL)).isFalse();
        assertThat(Lab.holder(account)).isEmpty();
        goOn();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    private BuildOnAgent on(DumbSlave unsteady, WorkflowRun run) {
        FilePath workspace = unsteady.getWorkspaceFor(run.getParent());
        return new BuildOnAgent(run, unsteady, workspace, "", TaskListener.NULL);
    }

    private static void takeTurn(CodexAccount account, String session, WorkflowRun run) throws Exception {
        CountDownLatch granted = new CountDownLatch(1);
        account.store()
                .queue(
                        new CredentialId(account.id().value()),
                        new Turn(session, BuildOwners.of(run), new Holder("a test", Instant.now())),
                        new TurnListener() {
                            @Override
                            public void granted() {
                                granted.countDown();
                            }

                            @Override
                            public void waiting(Occupancy occupancy, int place) {
                                throw new AssertionError("nobody else wants this login");
                            }

                            @Override
                            public void failed(StoreException e) {
                                throw new AssertionError(e);
                            }
                        });
        granted.await();
    }
}
