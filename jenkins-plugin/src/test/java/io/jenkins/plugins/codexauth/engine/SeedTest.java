package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import io.github.codexauth.standin.Login;
import io.github.codexauth.store.NeedsLogin;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.codexauth.account.CodexAccountCredentials;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** What a person pastes is the login to start from, once. */
class SeedTest extends InJenkins {
    private Credentials credential() {
        return Lab.store(Jenkins.get()).getCredentials(Domain.global()).stream()
                .filter(each -> each instanceof CodexAccountCredentials ours
                        && ours.getId().equals(account))
                .findFirst()
                .orElseThrow();
    }

    /** As a form does that is saved, or a configuration that is loaded. */
    private void save(Login pasted, byte[] authJson) throws Exception {
        Lab.store(Jenkins.get())
                .updateCredentials(
                        Domain.global(),
                        credential(),
                        new CodexAccountCredentials(
                                CredentialsScope.GLOBAL,
                                account,
                                "saved again",
                                hudson.util.Secret.fromString(new String(authJson, StandardCharsets.UTF_8))));
    }

    @Test
    void savingTheOldCredentialAgainDoesNotBringTheOldLoginBack() throws Exception {
        Login login = endedLogin();
        byte[] pasted = login.authJson();
        WorkflowJob deploy = lab.job(job, block(Lab.CODEX));
        lab.success(deploy);
        standIn.endAccessTokens();

        save(login, pasted);

        lab.success(deploy);
        assertThat(Lab.stored(account).generation()).isEqualTo(3);
    }

    @Test
    void aNewLoginOfTheSameAccountTakesTheOldOnesPlace() throws Exception {
        Login first = standIn.newLogin("acme-" + job, "bot", Duration.ofDays(1));
        lab.account(account, first);
        WorkflowJob deploy = lab.job(job, block("true"));
        lab.success(deploy);

        // Tokens say in whole seconds when they were issued.
        Login second =
                Login.unknownToAnyServer("acme-" + job, "bot", Instant.now().plusSeconds(60), Duration.ofDays(9));
        save(second, second.authJson());

        jenkins.assertLogContains("stored the credential's login as generation 2", lab.success(deploy));
    }

    @Test
    void aNewLoginOfAnotherAccountIsAPersonsDecisionAndTakesThePlaceToo() throws Exception {
        freshLogin();
        WorkflowJob deploy = lab.job(job, block("true"));
        lab.success(deploy);
        String before = Lab.stored(account).account();

        Login other = standIn.newLogin(Duration.ofDays(9));
        save(other, other.authJson());
        lab.success(deploy);

        assertThat(Lab.stored(account).account()).isNotEqualTo(before);
        assertThat(Lab.stored(account).generation()).isEqualTo(2);
    }

    @Test
    void aLoginThatIsKnownToBeDeadIsRefusedByTheStepUntilANewOneIsPasted() throws Exception {
        Login first = standIn.newLogin("acme-" + job, "bot", Duration.ofDays(1));
        lab.account(account, first);
        WorkflowJob deploy = lab.job(job, block("echo the-block-ran"));
        lab.success(deploy);
        Lab.note(account, new NeedsLogin(Instant.now(), NeedsLogin.Cause.REFRESH_TOKEN_REUSED));

        WorkflowRun refused = lab.failure(deploy);

        jenkins.assertLogContains("has ended and needs a new one: its refresh token was used already", refused);
        jenkins.assertLogContains("paste the new auth.json into the credential", refused);
        jenkins.assertLogNotContains("the-block-ran", refused);
        Login second = standIn.newLogin("acme-" + job, "bot", Duration.ofDays(9));
        save(second, second.authJson());
        jenkins.assertLogContains("the-block-ran", lab.success(deploy));
    }

    @Test
    void configurationAsCodeExportsNoTokenInTheClear() throws Exception {
        freshLogin();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(out);

        String yaml = out.toString(StandardCharsets.UTF_8);
        assertThat(yaml).contains("codexAccount").contains(account).containsPattern("authJson: \"?\\{");
        assertThat(standIn.everyTokenIssued()).noneMatch(yaml::contains);
    }
}
