package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.slaves.DumbSlave;
import hudson.slaves.OfflineCause;
import io.github.codexauth.CredentialId;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.durable_task.DurableTaskStep;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** A ChatGPT account by {@code withCredentials} in a Pipeline: access alone, and the log hides what is born later. */
class AccountBindingTest extends InJenkins {
    private String bound(String inside) {
        return "node('agent') { withCredentials([codexAuth('" + account + "')]) { " + inside + " } }";
    }

    private static String sh(String... commands) {
        StringBuilder steps = new StringBuilder();
        for (String command : commands) {
            steps.append("sh '''").append(command).append(" '''\n");
        }
        return steps.toString();
    }

    private static List<String> homes(WorkflowRun run) throws Exception {
        return Pattern.compile("(?m)^home=(.*)$")
                .matcher(JenkinsRule.getLog(run))
                .results()
                .map(home -> home.group(1))
                .toList();
    }

    private static final String HOME = "echo home=\"$CODEX_HOME\"";

    private void assertNothingIsLeft() throws Exception {
        assertThat(Lab.holder(account)).isEmpty();
        assertThat(onAgent("workspace/" + job + "@tmp/codex-auth")).isEmptyDirectory();
    }

    @Test
    void codexAsksForMoreTheLoginStaysOnTheControllerAndNothingIsLeft() throws Exception {
        Login login = endedLogin();
        WorkflowRun run = lab.success(lab.job(job, bound(sh(lab.codexWithoutConfig(), HOME))));

        jenkins.assertLogContains("Codex refreshed the login; it is stored as generation 2", run);
        assertThat(homes(run))
                .allMatch(home -> home.startsWith(onAgent("workspace").toString()));
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
        assertThat(Lab.filesWith(onAgent(""), standIn.everyTokenIssued())).isEmpty();
        assertThat(login.states()).hasSize(2);
        assertNothingIsLeft();
    }

    private static final List<String> SHOW =
            List.of("cat \"$CODEX_HOME/auth.json\"", "base64 \"$CODEX_HOME/auth.json\"", "env | grep TOKEN_URL");

    private void assertNothingIsSeen(Login login, WorkflowRun run) throws Exception {
        String log = JenkinsRule.getLog(run);
        assertThat(log).contains("***").contains("CODEX_REFRESH_TOKEN_URL_OVERRIDE=****");
        for (Tokens state : login.states()) {
            for (String token : List.of(state.accessToken(), state.idToken())) {
                assertThat(log).doesNotContain(token).doesNotContain(token.substring(token.length() / 2));
            }
        }
        assertThat(Lab.filesWith(Lab.folder(run), standIn.everyTokenIssued())).isEmpty();
    }

    @Test
    void tokensThatARefreshBringsAreHiddenWhateverIsAroundAStep() throws Exception {
        Login login = endedLogin();
        String show = sh(SHOW.toArray(String[]::new));
        WorkflowRun run = lab.success(lab.job(
                job,
                bound(show + sh(lab.codexWithoutConfig()) + show + "withEnv(['A=b']) { parallel one: {\n" + show
                        + "}, two: {\n" + show + "} }\n")));

        assertThat(login.states()).hasSize(2);
        assertNothingIsSeen(login, run);
    }

    @Test
    void tokensInOutputThatIsMadeOnTheAgentAreHidden() throws Exception {
        Login login = endedLogin();
        DurableTaskStep.USE_WATCHING = true;
        try {
            WorkflowRun run =
                    lab.success(lab.job(job, bound(sh(lab.codexWithoutConfig() + "; " + String.join("; ", SHOW)))));

            assertThat(login.states()).hasSize(2);
            assertNothingIsSeen(login, run);
        } finally {
            DurableTaskStep.USE_WATCHING = false;
        }
    }

    @Test
    void aTokenInAnErrorIsHiddenInTheLogAndInTheRecordOfTheBuild() throws Exception {
        endedLogin();
        String failing = "error('failed with ' + readFile(\"${env.CODEX_HOME}/auth.json\"))";
        WorkflowRun run = lab.failure(lab.job(
                job,
                bound(sh(lab.codexWithoutConfig()) + "try { " + failing
                        + " } catch (e) { echo 'caught ' + e.message }\n" + failing)));

        assertThat(JenkinsRule.getLog(run))
                .contains("caught failed with {")
                .contains("ERROR: failed with {")
                .doesNotContain(standIn.everyTokenIssued());
        assertThat(Lab.filesWith(Lab.folder(run), standIn.everyTokenIssued())).isEmpty();
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void outsideOfTheBlockThereIsNothingOfIt() throws Exception {
        freshLogin();
        WorkflowRun run = lab.success(lab.job(
                job,
                "node('agent') { withCredentials([codexAuth('" + account + "')]) { " + sh(HOME) + " }\n" + sh(HOME)
                        + " }"));

        assertThat(homes(run)).hasSize(2).last().isEqualTo("");
    }

    @Test
    void otherWaysToSignInThatTheAgentsOwnProcessHasDoNotReachTheBlock() throws Exception {
        freshLogin();
        String own = "of-" + job;
        lab.agent(own, 1, Map.of("CODEX_API_KEY", "sk-of-the-agent", "OPENAI_FEDERATION_RULE_ID", "rule-of-the-agent"));
        String show = sh("env | grep of-the-agent || echo nothing");
        WorkflowRun run = lab.success(lab.job(
                job,
                "node('" + own + "') { " + show + " withCredentials([codexAuth('" + account
                        + "')]) { withEnv(['A=b']) { " + show + show + " } } }"));

        assertThat(JenkinsRule.getLog(run).lines().filter(line -> !line.startsWith("+")))
                .containsOnlyOnce("CODEX_API_KEY=sk-of-the-agent", "OPENAI_FEDERATION_RULE_ID=rule-of-the-agent")
                .filteredOn("nothing"::equals)
                .hasSize(2);
    }

    @Test
    void aVariableOfDeclarativesEnvironmentIsNoPlaceForAnAccount() throws Exception {
        freshLogin();
        WorkflowRun run = lab.failure(lab.job(
                job,
                "pipeline { agent { label 'agent' }\n environment { LOGIN = credentials('" + account
                        + "') }\n stages { stage('Fix') { steps { echo 'the stage ran' } } } }"));

        jenkins.assertLogContains("No suitable binding handler could be found for type", run);
        jenkins.assertLogNotContains("the stage ran", run);
    }

    @Test
    void itTakesTurnsWithTheStep() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        WorkflowRun run = lab.job(job, bound(sh("true"))).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("[codex-auth] waiting for " + job + "-holder #1, since ", run);
        WorkflowRun step =
                lab.job(job + "-step", block("true")).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("1 before us", step);
        goOn();

        for (WorkflowRun each : List.of(holder, run, step)) {
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(each));
        }
        assertNothingIsLeft();
    }

    @Test
    void whoeverIsAbortedWhileItWaitsLeavesTheQueue() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        WorkflowRun run = lab.job(
                        job,
                        "catchError { timeout(time: 2, unit: 'SECONDS') { "
                                + bound(sh("touch ../ran-" + job)) + " } }\n"
                                + "node('agent') { sh 'until [ -e ../go-on-" + job + " ]; do sleep 0.1; done' }")
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("[codex-auth] waiting for", run);

        Lab.await(() -> Lab.accounts().waiting(new CredentialId(account)).isEmpty());
        assertThat(run.isBuilding()).isTrue();
        goOn();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(holder));
        assertThat(onAgent("workspace/ran-" + job)).doesNotExist();
        assertThat(onAgent("workspace/" + job + "@tmp/codex-auth")).doesNotExist();
    }

    @Test
    void aBuildThatFailsOrIsAbortedInTheBlockKeepsWhatWasRefreshedAndFreesTheLogin() throws Exception {
        endedLogin();
        lab.failure(lab.job(job + "-failing", bound(sh(lab.codexWithoutConfig(), "exit 3"))));
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
        assertThat(Lab.holder(account)).isEmpty();

        WorkflowRun run = lab.job(job, bound(sh("touch ../in-" + job + "; sleep 3000")))
                .scheduleBuild2(0)
                .waitForStart();
        Lab.awaitShell(jenkins, run, "touch ../in-" + job);
        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        assertNothingIsLeft();
    }

    @Test
    void aBuildThatIsKilledHardFreesTheLogin() throws Exception {
        freshLogin();
        WorkflowRun run = lab.job(job, bound(sh("touch ../in-" + job + "; sleep 3000")))
                .scheduleBuild2(0)
                .waitForStart();
        Lab.awaitShell(jenkins, run, "touch ../in-" + job);

        run.doKill();

        Lab.await(() -> Lab.holder(account).isEmpty());
        Path homes = onAgent("workspace/" + job + "@tmp/codex-auth");
        Lab.await(() -> homes.toFile().list().length == 0);
    }

    @Test
    void anAgentThatIsLostInTheBlockComesBackAndTheBlockGoesOn() throws Exception {
        endedLogin();
        DumbSlave node = lab.unsteadyAgent("unsteady-" + job);
        Path workspaces = Path.of(node.getRemoteFS()).resolve("workspace");
        String script = bound(sh("touch ../in; until [ -e ../back ]; do sleep 0.1; done; " + lab.codexWithoutConfig()))
                .replace("node('agent')", "node('" + node.getNodeName() + "')");
        WorkflowRun run = lab.job(job, script).scheduleBuild2(0).waitForStart();
        Lab.awaitShell(jenkins, run, "touch ../in");
        node.toComputer().disconnect(OfflineCause.create(null)).get();
        Lab.await(() -> node.toComputer().isOffline());

        node.toComputer().connect(true).get();
        jenkins.waitForMessage("the block's Codex may ask for access tokens again", run);
        Files.createFile(workspaces.resolve("back"));

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
        assertThat(Lab.holder(account)).isEmpty();
        assertThat(Lab.filesWith(workspaces, standIn.everyTokenIssued())).isEmpty();
    }

    @Test
    void whenTheBlockEndsWhileItsAgentIsAwayTheLoginIsFreeBeforeTheBuildIsOver() throws Exception {
        freshLogin();
        DumbSlave node = lab.unsteadyAgent("unsteady-" + job);
        String script = "catchError { timeout(time: 8, unit: 'SECONDS') { "
                + bound(sh("touch ../in; sleep 3000")).replace("node('agent')", "node('" + node.getNodeName() + "')")
                + " } }\n"
                + "node('agent') { sh 'until [ -e ../go-on-" + job + " ]; do sleep 0.1; done' }";
        WorkflowRun run = lab.job(job, script).scheduleBuild2(0).waitForStart();
        Lab.awaitShell(jenkins, run, "touch ../in");
        node.toComputer().disconnect(OfflineCause.create(null)).get();

        jenkins.waitForMessage("Running on agent", run);
        Lab.await(() -> Lab.holder(account).isEmpty());
        assertThat(run.isBuilding()).isTrue();
        goOn();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        lab.success(lab.job(job + "-next", bound(sh("true"))));
    }

    @Test
    void whenAnotherBindingOfTheSameStepFailsTheLoginIsFreeAgain() throws Exception {
        freshLogin();
        String failing = "withCredentials([codexAuth('" + account + "'), string(credentialsId: 'absent-" + job
                + "', variable: 'X')]) { }";
        WorkflowRun run = lab.success(lab.job(
                job,
                "node('agent') { catchError(buildResult: 'SUCCESS') { " + failing + " }\n withCredentials([codexAuth('"
                        + account + "')]) { " + sh(HOME) + " } }"));

        jenkins.assertLogContains("absent-" + job, run);
        assertThat(homes(run)).hasSize(1).doesNotContain("");
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void aBlockInsideOfOneWithTheSameLoginSharesItsHomeWhicheverIsTheBinding() throws Exception {
        freshLogin();
        String binding = "withCredentials([codexAuth('" + account + "')]) { withEnv(['A=b']) { ";
        String step = "withCodexAuth(authJson: '" + account + "') { withEnv(['A=b']) { ";
        String twice =
                "withCredentials([codexAuth('" + account + "'), codexAuth('" + account + "')]) { withEnv(['A=b']) { ";
        for (String nested : List.of(binding + step, step + binding, binding + binding, twice + step)) {
            String both = "node('agent') { " + nested.replace("withEnv(['A=b']) { ", "withEnv(['A=b']) { " + sh(HOME))
                    + " } } } } }";
            WorkflowRun run = lab.success(lab.job(job + "-" + Math.abs(nested.hashCode()), both));

            assertThat(homes(run)).hasSize(2).doesNotContain("");
            assertThat(homes(run).stream().distinct()).hasSize(1);
        }
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void itSharesTheLoginOfABlockAroundNode() throws Exception {
        freshLogin();
        WorkflowRun run =
                lab.success(lab.job(job, "withCodexAuth(authJson: '" + account + "') { " + bound(sh(HOME)) + " }"));

        assertThat(homes(run)).hasSize(1).doesNotContain("");
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void aBindingBetweenTwoBlocksWithOneLoginIsInBetween() throws Exception {
        freshLogin();
        lab.account(account + ".other", standIn.newLogin(Duration.ofDays(9)));
        WorkflowRun run = lab.failure(lab.job(
                job,
                "node('agent') { withCodexAuth(authJson: '" + account
                        + "') { withEnv(['A=b']) { withCredentials([codexAuth('"
                        + account + ".other')]) { withEnv(['A=b']) { withCodexAuth(authJson: '" + account
                        + "', wait: '1s') { } } } } } }"));

        jenkins.assertLogContains(
                "an enclosing withCodexAuth block has '" + account
                        + "', and a block in between signs in with something else",
                run);
    }

    @Test
    void aWholeLoginInsideOfABindingIsRefusedSinceItsCodexWouldAskTheBindingsAddress() throws Exception {
        freshLogin();
        lab.account(account + ".other", standIn.newLogin(Duration.ofDays(9)));
        WorkflowRun run = lab.failure(lab.job(
                job, bound("withCodexAuth(authJson: '" + account + ".other', give: 'all') { " + sh("true") + " }")));

        jenkins.assertLogContains("a block around this one has a login that stays on the controller", run);
    }

    @Test
    void anAgentThatIsNotTrustedGetsNothingAndNobodyWaits() throws Exception {
        freshLogin();
        DumbSlave unmarked = lab.agent("unmarked-" + job);
        unmarked.getNodeProperties().clear();
        WorkflowRun holder = holder();
        WorkflowRun run = lab.failure(
                lab.job(job, bound(sh("touch ../ran")).replace("node('agent')", "node('unmarked-" + job + "')")));

        jenkins.assertLogContains("error: agent 'unmarked-" + job + "' is not marked 'Codex credentials allowed'", run);
        jenkins.assertLogContains("hint: tick 'Codex credentials allowed'", run);
        jenkins.assertLogNotContains("waiting for", run);
        assertThat(Path.of(unmarked.getRemoteFS()).resolve("workspace/ran")).doesNotExist();
        goOn();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(holder));
    }

    @Test
    void outsideOfNodeItSaysThatItNeedsOne() throws Exception {
        freshLogin();
        WorkflowRun run = lab.failure(lab.job(job, "withCredentials([codexAuth('" + account + "')]) { echo 'ran' }"));

        jenkins.assertLogContains(
                "Perhaps you forgot to surround the withCredentials step with a step that provides this, such as: node",
                run);
        assertThat(Lab.holder(account)).isEmpty();
    }

    @Test
    void aDeclarativePipelineHasIt() throws Exception {
        freshLogin();
        WorkflowRun run = lab.success(lab.job(
                job,
                "pipeline {\n agent { label 'agent' }\n stages { stage('a') { steps { withCredentials([codexAuth('"
                        + account + "')]) { sh '" + HOME + "' } } } }\n}\n"));

        assertThat(homes(run)).hasSize(1).doesNotContain("");
        assertThat(Lab.holder(account)).isEmpty();
    }
}
