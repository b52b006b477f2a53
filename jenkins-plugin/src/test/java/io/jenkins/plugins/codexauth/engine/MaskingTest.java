package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.Tokens;
import java.util.Base64;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Tokens are hidden in a build's output, also those that were born in the middle of the block. */
class MaskingTest extends InJenkins {
    /** The log as it is on the disk, where a console note could hide something as well. */
    private static void assertNothingIsSeen(WorkflowRun run) throws Exception {
        assertThat(Lab.filesWith(Lab.folder(run), standIn.everyTokenIssued())).isEmpty();
    }

    @Test
    void tokensBornInTheBlockAreHiddenWhereverTheyArePrinted() throws Exception {
        Login login = endedLogin();
        WorkflowRun run = lab.success(lab.job(
                job,
                block(
                        Lab.CODEX,
                        "echo raw; cat \"$CODEX_HOME/auth.json\"",
                        "echo base64; base64 -w0 \"$CODEX_HOME/auth.json\"; echo",
                        "echo lines; base64 \"$CODEX_HOME/auth.json\"",
                        "echo crlf; sed 's/$/\\\\r/' \"$CODEX_HOME/auth.json\"")));

        String log = JenkinsRule.getLog(run);
        assertThat(log).contains("***");
        assertThat(login.states()).hasSize(2);
        for (Tokens state : login.states()) {
            for (String token : List.of(state.accessToken(), state.refreshToken(), state.idToken())) {
                assertThat(log).doesNotContain(token).doesNotContain(token.substring(token.length() / 2));
            }
        }
        // Base64 of the file: no stretch of a token's own base64, at any of the three offsets.
        String refresh = login.current().refreshToken();
        for (int offset = 0; offset < 3; offset++) {
            String inside = Base64.getEncoder().encodeToString(("x".repeat(offset) + refresh).getBytes());
            assertThat(log).doesNotContain(inside.substring(8, inside.length() - 8));
        }
        assertNothingIsSeen(run);
    }

    @Test
    void aTokenThatArrivesInPiecesIsHidden() throws Exception {
        Login login = endedLogin();
        String slowly = "t=$(grep refresh_token \"$CODEX_HOME/auth.json\" | cut -d: -f2); "
                + "printf %s \"$(echo $t | cut -c1-20)\"; sleep 2; echo \"$(echo $t | cut -c21-)\"";
        WorkflowRun run = lab.success(lab.job(job, block(Lab.CODEX, "set +x; " + slowly)));

        assertThat(JenkinsRule.getLog(run))
                .doesNotContain(login.current().refreshToken())
                .contains("***");
        assertNothingIsSeen(run);
    }

    @Test
    void aKeyInAStepsErrorIsHiddenInTheLogAndInTheRecordOfTheBuild() throws Exception {
        String key = standIn.newApiKey();
        lab.text(account, key);
        String failing = "error(\"failed with ${env.CODEX_API_KEY}\")";
        WorkflowRun run = lab.failure(lab.job(
                job,
                "node('agent') { withCodexAuth(apiKey: '" + account + "') { try { " + failing
                        + " } catch (e) { echo 'caught ' + e.message }\n" + failing + " } }"));

        assertThat(JenkinsRule.getLog(run))
                .contains("caught failed with ***")
                .contains("ERROR: failed with ***")
                .doesNotContain(key);
        assertThat(Lab.filesWith(Lab.folder(run), List.of(key))).isEmpty();
    }
}
