package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import java.util.List;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Keys, tokens and workload identity; what is wrong with a step is said with what to type. */
class WaysToSignInTest extends InJenkins {
    private static final String SHOW = "env | grep -E '^(CODEX|OPENAI)_' | grep -v _URL | sort; true";

    @Test
    void anApiKeyIsTheOnlyCredentialInTheBlock() throws Exception {
        String key = standIn.newApiKey();
        lab.text(account, key);
        WorkflowRun run = lab.success(lab.job(
                job,
                "withEnv(['CODEX_ACCESS_TOKEN=at-old', 'OPENAI_FEDERATION_RULE_ID=rule']) {\n"
                        + lab.blockWith("apiKey: '" + account + "'", SHOW, "test ! -e \"$CODEX_HOME/auth.json\"")
                        + "}"));

        assertThat(JenkinsRule.getLog(run))
                .contains("CODEX_API_KEY=***")
                .contains("CODEX_HOME=/")
                .doesNotContain("CODEX_ACCESS_TOKEN")
                .doesNotContain("OPENAI_FEDERATION_RULE_ID")
                .doesNotContain(key);
    }

    @Test
    void codexRunsWithAnApiKey() throws Exception {
        String key = standIn.newApiKey();
        lab.text(account, key);
        String script = "node('agent') { withCodexAuth(apiKey: '" + account + "', config: 'openai_base_url = \""
                + standIn.url() + "/v1\"') { sh '" + Lab.CODEX + "' } }";
        lab.success(lab.job(job, script));

        List<ModelCall> calls = standIn.events(ModelCall.class);
        assertThat(calls.get(calls.size() - 1).credential()).isEqualTo(key);
        assertThat(Lab.filesWith(onAgent(""), List.of(key))).isEmpty();
    }

    @Test
    void aCodexThatIsTooOldGetsNoCredential() throws Exception {
        lab.text(account, standIn.newApiKey());
        String script =
                "node('agent') { sh '''mkdir bin && printf \"#!/bin/sh\\necho codex-cli 0.137.0\\n\" > bin/codex"
                        + " && chmod +x bin/codex'''\n withEnv(['PATH=' + env.WORKSPACE + '/bin:' + env.PATH]) {"
                        + " withCodexAuth(apiKey: '" + account + "') { sh 'echo ran' } } }";
        WorkflowRun run = lab.failure(lab.job(job, script));

        assertThat(JenkinsRule.getLog(run))
                .contains("error: Codex 0.137.0 (", "is too old: 0.138.0 is the first")
                .contains("hint: npm install -g @openai/codex")
                .doesNotContain("+ echo ran");
    }

    @Test
    void codexRunsWithAnAccessToken() throws Exception {
        String token = standIn.newAccessToken();
        lab.text(account, token);
        lab.success(lab.job(job, lab.blockWith("accessToken: '" + account + "'", Lab.CODEX)));

        List<ModelCall> calls = standIn.events(ModelCall.class);
        assertThat(calls.get(calls.size() - 1).credential()).isEqualTo(token);
    }

    @Test
    void workloadIdentityNamesTheRuleAndTheFile() throws Exception {
        WorkflowRun run = lab.success(
                lab.job(job, lab.blockWith("federationRule: 'fedrule_1', identityTokenFile: '/var/run/token'", SHOW)));

        assertThat(JenkinsRule.getLog(run))
                .contains("OPENAI_FEDERATION_RULE_ID=fedrule_1")
                .contains("OPENAI_IDENTITY_TOKEN_FILE=/var/run/token");
    }

    @Test
    void aSecretTextWhereAnAccountIsWantedIsNamedSo() throws Exception {
        lab.text(account, "sk-not-an-account");
        WorkflowRun run = lab.failure(lab.job(job, block("true")));

        jenkins.assertLogContains(
                "error: credential '" + account + "' is 'Secret text' where 'Codex account (auth.json)' was expected",
                run);
        jenkins.assertLogContains("hint: give authJson a credential of that kind", run);
    }

    @Test
    void aCredentialThatIsNotThereIsNamedSo() throws Exception {
        WorkflowRun run = lab.failure(lab.job(job, block("true")));

        jenkins.assertLogContains(
                "error: there is no credential '" + account
                        + "' of the kind 'Codex account (auth.json)' that this build may use",
                run);
    }

    @Test
    void twoCredentialsAreOneTooMany() throws Exception {
        WorkflowRun run = lab.failure(lab.job(job, "node('agent') { withCodexAuth(apiKey: 'a', authJson: 'b') { } }"));

        jenkins.assertLogContains("error: withCodexAuth was given several credentials: apiKey, authJson", run);
        jenkins.assertLogContains("hint: keep one of them", run);
    }

    @Test
    void noCredentialIsTooFew() throws Exception {
        WorkflowRun run = lab.failure(lab.job(job, "node('agent') { withCodexAuth() { } }"));

        jenkins.assertLogContains("error: withCodexAuth was given no credential", run);
        jenkins.assertLogContains("hint: write one of withCodexAuth(authJson: 'ID')", run);
    }

    @Test
    void aPastedAccessTokenWhereAKeyIsWantedIsNamedSoAndNotShown() throws Exception {
        lab.text(account, "at-1234567890-secret");
        WorkflowRun run = lab.failure(lab.job(job, lab.blockWith("apiKey: '" + account + "'", "true")));

        assertThat(JenkinsRule.getLog(run))
                .contains("error: an access token was found where an API key is expected")
                .doesNotContain("at-1234567890-secret");
    }

    @Test
    void anAgentWithSeveralExecutorsIsAWarningOnceABuild() throws Exception {
        lab.text(account, standIn.newApiKey());
        String block = "withCodexAuth(apiKey: '" + account + "') { }\n";
        String warning = "agent 'agent' has " + agent.getNumExecutors() + " executors, and a build beside this one";

        WorkflowRun run = lab.success(lab.job(job, "node('agent') { " + block + block + " }"));
        assertThat(JenkinsRule.getLog(run).split(Pattern.quote(warning), -1)).hasSize(2);

        int executors = agent.getNumExecutors();
        agent.setNumExecutors(1);
        try {
            WorkflowRun alone = lab.success(lab.job(job + "-alone", "node('agent') { " + block + " }"));
            jenkins.assertLogNotContains("executors, and a build beside this one", alone);
        } finally {
            agent.setNumExecutors(executors);
        }
    }

    @Test
    void aConfigThatWouldLiftTheProtectionIsRefusedBeforeAnythingIsOnTheAgent() throws Exception {
        freshLogin();
        String script = "node('agent') { withCodexAuth(authJson: '" + account
                + "', config: 'sandbox_mode = \"danger-full-access\"') { } }";
        WorkflowRun run = lab.failure(lab.job(job, script));

        jenkins.assertLogContains("sandbox_mode would switch off the permission profile", run);
        assertThat(onAgent("workspace/" + job + "@tmp/codex-auth")).doesNotExist();
        assertThat(Lab.accounts().occupancy(new io.github.codexauth.CredentialId(account)))
                .isEmpty();
    }

    @Test
    void aDurationWithoutAUnitIsNamedSo() throws Exception {
        freshLogin();
        WorkflowRun run = lab.failure(lab.job(job, lab.blockWith("authJson: '" + account + "', wait: '15'", "true")));

        jenkins.assertLogContains("error: 'wait' is not a duration", run);
        jenkins.assertLogContains("hint: write it with a unit: 90s, 15m, 2h", run);
    }

    @Test
    void anotherAgentInsideTheBlockGetsNothing() throws Exception {
        String key = standIn.newApiKey();
        lab.text(account, key);
        lab.agent("other-" + job);
        String inner = "node('other-" + job + "') { sh '''" + SHOW + "''' }";
        WorkflowRun run = lab.success(lab.job(
                job,
                "node('agent') { withCodexAuth(apiKey: '" + account + "', config: '''" + RealCodex.config(standIn)
                        + "''') { " + inner + " } }"));

        assertThat(JenkinsRule.getLog(run)).doesNotContain("CODEX_API_KEY=").doesNotContain("CODEX_HOME=");
    }

    @Test
    void aPoolGivesWhicheverLoginIsFree() throws Exception {
        lab.account(account + ".1", standIn.newLogin(java.time.Duration.ofDays(9)));
        lab.account(account + ".2", standIn.newLogin(java.time.Duration.ofDays(9)));
        String hold = "touch \"$BUILD_NUMBER\"-holds; until [ -e ../go-on-" + job + " ]; do sleep 0.1; done";
        org.jenkinsci.plugins.workflow.job.WorkflowJob pool =
                lab.job(job, lab.blockWith("pool: '" + account + "'", hold));
        WorkflowRun first = pool.scheduleBuild2(0).waitForStart();
        WorkflowRun second = pool.scheduleBuild2(0).waitForStart();
        Lab.await(() -> Lab.holder(account + ".1").isPresent()
                && Lab.holder(account + ".2").isPresent());
        WorkflowRun third = pool.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("[codex-auth] waiting for", third);

        java.nio.file.Files.createDirectories(onAgent("workspace"));
        java.nio.file.Files.createFile(onAgent("workspace/go-on-" + job));
        for (WorkflowRun run : List.of(first, second, third)) {
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        }
    }
}
