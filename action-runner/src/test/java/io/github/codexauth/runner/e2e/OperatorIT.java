package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator does: seed, look, keep alive, check. */
class OperatorIT extends OnOneMachine {
    private Login login;

    @BeforeEach
    void machine() {
        login = standIn.newLogin(Duration.ofDays(3));
    }

    @AfterEach
    void noTokenWasUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    @Test
    void theSeedThatAJobCarriesAlongIsUsedOnceAndNeverOverwritesARefreshedLogin() {
        Path seed = cli.write("seed.json", login.authJson());
        String[] job = {"run", "--id", "ci", "--seed-file", seed.toString(), "--", "true"};
        assertThat(cli.run(job).err()).contains("stored the given login as generation 1");
        standIn.endAccessTokens();
        assertThat(cli.runCodex().exitCode()).isZero();

        Result again = cli.run(job);

        assertThat(again.exitCode()).isZero();
        assertThat(again.err()).contains("the given login was not used: the stored login came from this seed");
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void aNewLoginOfTheSameAccountReplacesTheStoredOne() {
        Login first = standIn.newLogin("acme", "bot", Duration.ofDays(1));
        cli.seed(first);
        Login second = standIn.newLogin("acme", "bot", Duration.ofDays(9));
        Path seed = cli.write("new.json", second.authJson());

        Result result = cli.run("run", "--id", "ci", "--seed-file", seed.toString(), "--", "true");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(Stored.refreshToken(cli))
                .isIn(first.current().refreshToken(), second.current().refreshToken());
    }

    @Test
    void anotherAccountsSeedIsAnErrorUntilReplaceIsSaid() {
        cli.seed(login);
        Login other = standIn.newLogin(Duration.ofDays(9));
        Path seed = cli.write("other.json", other.authJson());

        Result refused = cli.run("seed", "--id", "ci", "--seed-file", seed.toString());
        Result replaced = cli.run("seed", "--replace", "--id", "ci", "--seed-file", seed.toString());

        assertThat(refused.exitCode()).isEqualTo(65);
        assertThat(refused.err()).contains("another account or user", "codex-auth seed --replace --id ci");
        assertThat(replaced.exitCode()).as(replaced.toString()).isZero();
        assertThat(Stored.refreshToken(cli)).isEqualTo(other.current().refreshToken());
    }

    @Test
    void keepaliveRefreshesWhatEndsSoonAndNothingElse() {
        cli.seed(login);

        Result due = cli.run("keepalive", "--id", "ci", "--json");
        Result notDue = cli.run("keepalive", "--id", "ci", "--json");

        assertThat(due.exitCode()).as(due.toString()).isZero();
        assertThat(due.out()).contains("\"refreshed\" : true");
        assertThat(notDue.out()).contains("\"refreshed\" : false");
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void statusPassesOverWhatIsNoCredentialWithAWord() throws IOException {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));
        for (String name : List.of(".snapshot", "Backup of ci")) {
            Path other = Files.createDirectory(
                    cli.storeFolder().resolve("credentials").resolve(name));
            Files.writeString(other.resolve("current.json"), "{}");
        }

        Result status = cli.run("status");
        Result json = cli.run("status", "--json");

        assertThat(status.exitCode()).as(status.toString()).isZero();
        assertThat(status.out()).contains("passed over, since these are no credentials: .snapshot, Backup of ci\n");
        assertThat(json.out()).contains("\"passedOver\" : [ \".snapshot\", \"Backup of ci\" ]");
        assertThat(cli.runJob("true").exitCode()).isZero();
    }

    @Test
    void statusShowsEachCredentialAndItsHolder() {
        cli.seed(login);
        Running holder = cli.start(Cli.job("sh", "-c", "echo has-it; read go < " + cli.makeFifo()));
        holder.awaitOutput("has-it");

        Result status = cli.run("status");
        Result json = cli.run("status", "--json");

        assertThat(status.out())
                .contains("ci\n  generation 1", "expires    in 2 d 23 h", "in use     by a command outside of CI");
        assertThat(json.out()).contains("\"inUse\"", "\"expiresAt\"");
        cli.openFifo();
        assertThat(holder.result().exitCode()).isZero();
    }

    @Test
    void anEncryptedStoreHoldsNothingReadableAndKeepsWorking() throws Exception {
        Path identity = folder.resolve("identity.txt");
        Result key = cli.run("keygen", "--output", identity.toString());
        cli = cli.with("CODEX_AUTH_AGE_RECIPIENT", key.out().strip())
                .with("CODEX_AUTH_AGE_IDENTITY_FILE", identity.toString());
        cli.seed(login);
        standIn.endAccessTokens();

        Result result = cli.runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(java.nio.file.Files.getPosixFilePermissions(identity))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(cli.run("keygen", "--output", identity.toString()).exitCode())
                .as("never overwritten")
                .isEqualTo(64);
    }

    @Test
    void checkSaysWhyAJobIsTrustedOrNot() {
        Result trusted = cli.run("check", "--json");
        Result refused = cli.without("CODEX_AUTH_POLICY").run("check");

        assertThat(trusted.exitCode()).isZero();
        assertThat(trusted.out()).contains("\"trusted\" : true");
        assertThat(refused.exitCode()).isEqualTo(77);
        assertThat(refused.err()).contains("error: no CI system is known to have started this", "hint: ");
    }

    @Test
    void aPublicRepositorysJobIsRefusedBeforeAnythingIsReadWithAllReasons() {
        Path payload = cli.write("event.json", """
                {"repository": {"full_name": "acme/app", "private": false, "fork": false, "visibility": "public"}}""");
        Result result = cli.without("CODEX_AUTH_POLICY")
                .with("GITHUB_ACTIONS", "true")
                .with("GITHUB_REPOSITORY", "acme/app")
                .with("GITHUB_EVENT_NAME", "pull_request_target")
                .with("GITHUB_EVENT_PATH", payload.toString())
                .with("RUNNER_ENVIRONMENT", "github-hosted")
                .with("CODEX_AUTH_JSON_FILE", "/does/not/exist")
                .with("CODEX_ACCESS_TOKEN", "at-second")
                .run("run", "--id", "ci", "--", "echo", "ran");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(77);
        assertThat(result.err())
                .contains("another credential for Codex is in the job's environment: CODEX_ACCESS_TOKEN")
                .contains("the repository's visibility: public (event payload")
                .contains("the kind of runner: vendor-hosted (RUNNER_ENVIRONMENT)")
                .contains("the event: pull_request_target (GITHUB_EVENT_NAME)")
                .contains("::error title=codex-auth::");
        assertThat(cli.storeFolder()).doesNotExist();
    }

    @Test
    void aPrivateRepositorysJobOnASelfHostedRunnerNeedsNoPolicy() {
        cli.seed(login);

        Result result = cli.inGitHubActions().run("run", "--id", "ci", "--", "echo", "ran");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("ran");
    }

    @Test
    void helpNamesTheExitCodesAndTheVariables() {
        Result help = cli.run("run", "--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out())
                .contains("codex-auth run [OPTIONS] -- COMMAND", "CODEX_AUTH_ID", "77", "refused", "Examples:");
        assertThat(cli.run("completion").out()).contains("_complete_codex-auth", "keepalive");
        assertThat(cli.run("completion", "tcsh").exitCode()).isEqualTo(64);
    }
}
