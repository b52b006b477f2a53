package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.slaves.DumbSlave;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.testing.DockerDaemon;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvnet.hudson.test.JenkinsRule;

/** A block whose Codex runs in a container, by the Docker Pipeline plugin and a real Docker. */
class InsideTest extends InJenkins {
    private static final String IMAGE = "codex";
    private static final String NETWORK = "own";
    private static final String OWN_NETWORK = "--network " + NETWORK;
    private static final String AGENTS_NETWORK = "--network host";

    /** As docs/jenkins.md has it: the container is the sandbox. */
    private static final String CODEX = "codex exec --dangerously-bypass-approvals-and-sandbox hi < /dev/null";

    /** Which of the two is around the other. */
    enum Nesting {
        BLOCK_AROUND_CONTAINER,
        BLOCK_IN_CONTAINER
    }

    private static DockerDaemon docker;
    private static DumbSlave dockerAgent;

    /** The stand-in's address for containers that have a network of their own. */
    private static String fromOwnNetwork;

    @BeforeAll
    static void openDocker() throws Exception {
        docker = DockerDaemon.get();
        CodexImage.load(docker, IMAGE, "#!/bin/sh\nexec " + CodexImage.CODEX + " \"$@\"\n");
        fromOwnNetwork = standIn.urlAt(docker.network(NETWORK));
        dockerAgent = lab.agent("docker", 1, docker.environment());
    }

    @AfterEach
    void nothingIsLeftThere() throws Exception {
        assertThat(Lab.filesWith(Path.of(dockerAgent.getRemoteFS()), standIn.everyTokenIssued()))
                .isEmpty();
        assertThat(docker.call("ps", "--all", "--quiet").out()).isEmpty();
    }

    /** @param options the container's */
    private String block(Nesting nesting, String signIn, String options, String... commands) {
        boolean own = options.equals(OWN_NETWORK);
        String config = RealCodex.config(standIn);
        String arguments = options + " -e CODEX_REFRESH_TOKEN_URL_OVERRIDE="
                + (own ? fromOwnNetwork + "/oauth/token" : standIn.tokenUrl()) + " -e CODEX_AUTHAPI_BASE_URL="
                + (own ? fromOwnNetwork : standIn.url());
        String block = "withCodexAuth(" + signIn + ", config: '''"
                + (own ? config.replace(standIn.url(), fromOwnNetwork) : config) + "''') {\n";
        String container = "docker.image('" + IMAGE + "').inside('" + arguments + "') {\n";
        StringBuilder steps = new StringBuilder();
        for (String command : commands) {
            steps.append("sh '''").append(command).append(" '''\n");
        }
        String both = nesting == Nesting.BLOCK_AROUND_CONTAINER ? block + container : container + block;
        return "node('docker') {\nsh 'mkdir -p .git'\n" + both + steps + "}\n}\n}\n";
    }

    private String access() {
        return "authJson: '" + account + "'";
    }

    private String all() {
        return access() + ", give: 'all'";
    }

    private void assertStored(long generation, WorkflowRun run) throws Exception {
        assertThat(Lab.stored(account).generation()).isEqualTo(generation);
        assertThat(Lab.holder(account)).isEmpty();
        assertThat(Lab.filesWith(Lab.folder(run), standIn.everyTokenIssued())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void onTheAgentsNetworkCodexAsksForItsNextAccessToken(Nesting nesting) throws Exception {
        Login login = endedLogin();

        WorkflowRun run = lab.success(
                lab.job(job, block(nesting, access(), AGENTS_NETWORK, CODEX, "cat \"$CODEX_HOME/auth.json\"; env")));

        jenkins.assertLogContains("Codex refreshed the login; it is stored as generation 2", run);
        jenkins.assertLogContains("placeholder-of-codex-auth-", run);
        assertThat(JenkinsRule.getLog(run))
                .doesNotContain(login.current().accessToken())
                .doesNotContain("did not reach");
        assertStored(2, run);
    }

    @ParameterizedTest
    @EnumSource
    void inANetworkOfItsOwnCodexHasAnAccessTokenThatWasRefreshedForTheBlock(Nesting nesting) throws Exception {
        expiredLogin();

        WorkflowRun run = lab.success(lab.job(job, block(nesting, access(), OWN_NETWORK, CODEX)));

        jenkins.assertLogNotContains("did not reach", run);
        assertStored(2, run);
    }

    @Test
    void whoseCodexDoesNotReachTheAgentIsToldWhatToType() throws Exception {
        endedLogin();

        WorkflowRun run =
                lab.failure(lab.job(job, block(Nesting.BLOCK_AROUND_CONTAINER, access(), OWN_NETWORK, CODEX)));

        jenkins.assertLogContains("error sending request for url (http://127.0.0.1:", run);
        jenkins.assertLogContains(
                "the block's Codex needed another access token, and did not reach 127.0.0.1 of agent 'docker'", run);
        jenkins.assertLogContains("add --network host to the container's arguments", run);
        assertStored(1, run);
    }

    @ParameterizedTest
    @EnumSource
    void aWholeLoginIsRefreshedInAnyNetworkAndStored(Nesting nesting) throws Exception {
        Login login = endedLogin();

        WorkflowRun run = lab.success(
                lab.job(job, block(nesting, all(), OWN_NETWORK, CODEX, "cat \"$CODEX_HOME/auth.json\"; env")));

        jenkins.assertLogContains("Codex refreshed the login; it is stored as generation 2", run);
        assertThat(JenkinsRule.getLog(run))
                .doesNotContain(login.current().accessToken())
                .doesNotContain(login.current().refreshToken());
        assertStored(2, run);
    }

    @ParameterizedTest
    @EnumSource
    void aKeyArrivesInTheContainerAndIsHidden(Nesting nesting) throws Exception {
        String key = standIn.newApiKey();
        lab.text(account, key);

        WorkflowRun run =
                lab.success(lab.job(job, block(nesting, "apiKey: '" + account + "'", OWN_NETWORK, CODEX, "env")));

        jenkins.assertLogContains("CODEX_API_KEY=***", run);
        assertThat(Lab.filesWith(Lab.folder(run), List.of(key))).isEmpty();
    }

    @Test
    void noVariableOfAnotherCredentialArrivesNotEvenAnEmptyOne() throws Exception {
        freshLogin();

        WorkflowRun run =
                lab.success(lab.job(job, block(Nesting.BLOCK_AROUND_CONTAINER, access(), AGENTS_NETWORK, "env")));

        assertThat(JenkinsRule.getLog(run))
                .contains("CODEX_HOME=")
                .doesNotContain("OPENAI_", "SPIFFE_", "CODEX_API_KEY=", "CODEX_ACCESS_TOKEN=");
    }

    @Test
    void codexConfinesItsCommandsWhereTheSeccompProfileLetsIt() throws Exception {
        freshLogin();
        String profile = " --security-opt seccomp=/usr/share/containers/seccomp.json";

        lab.success(lab.job(job, block(Nesting.BLOCK_IN_CONTAINER, access(), AGENTS_NETWORK + profile, Lab.CODEX)));
        WorkflowRun unconfined = lab.failure(
                lab.job(job + "-plain", block(Nesting.BLOCK_IN_CONTAINER, access(), AGENTS_NETWORK, Lab.CODEX)));

        jenkins.assertLogContains("No permissions to create a new namespace", unconfined);
    }

    @Test
    void aCodexThatOutlivesTheBlockInItsContainerIsEnded() throws Exception {
        freshLogin();
        // It opens its state's file as it starts, and keeps it open. Where none starts the step fails: it has the
        // agent's only executor.
        String stray = "env JENKINS_NODE_COOKIE= nohup sh -c \"sleep 300 | codex app-server\" > stray.log 2>&1 &"
                + " n=0; until ls \"$CODEX_HOME\"/state_*.sqlite; do"
                + " n=$((n+1)); test $n -lt 600 || { cat stray.log; exit 1; }; sleep 0.1; done";

        WorkflowRun run = lab.success(lab.job(job, block(Nesting.BLOCK_IN_CONTAINER, all(), AGENTS_NETWORK, stray)));

        jenkins.assertLogContains("ended 1 Codex process that outlived the block", run);
        assertStored(1, run);
    }

    @Test
    void anAgentThatIsAContainerIsSignedInByTheOptionsOfItsStage() throws Exception {
        endedLogin();
        String script = """
                pipeline {
                  agent none
                  stages {
                    stage('Fix') {
                      agent { docker { image '%s'; label 'docker'; args '--network host' } }
                      options { withCodexAuth(authJson: '%s', config: '''%s''') }
                      steps { sh 'mkdir -p .git; %s' }
                    }
                  }
                }
                """.formatted(IMAGE, account, RealCodex.config(standIn), CODEX);

        WorkflowRun run = lab.success(lab.job(job, script));

        assertStored(2, run);
    }
}
