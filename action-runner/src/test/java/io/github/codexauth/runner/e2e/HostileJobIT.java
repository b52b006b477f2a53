package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.Requirement;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever a job that has the whole auth.json does to it, the stored login survives ({@code --give all}). */
class HostileJobIT extends OnOneMachine {
    private Login login;

    @BeforeEach
    void machineWithALogin() {
        cli = cli.giving("all");
        login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
    }

    @AfterEach
    void theStoredLoginStillWorks() {
        Result result = cli.runCodex();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    @Test
    void aDeletedFileReplacesNothing() {
        Result result = cli.runJob("sh", "-c", "rm $CODEX_HOME/auth.json");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).contains("warning: auth.json is gone; the stored login stays as it is");
        assertAliveAfterCodexWasAsked();
    }

    @Test
    void anotherAccountsFileReplacesNothing() {
        Path other =
                cli.write("other.json", standIn.newLogin(Duration.ofDays(9)).authJson());

        Result result = cli.runJob("sh", "-c", "cp " + other + " $CODEX_HOME/auth.json");

        assertThat(result.err()).contains("warning: auth.json belongs to another account or user");
        assertUntouched();
        assertThat(result.exitCode()).as("it may be somebody's only one").isEqualTo(74);
        assertThat(result.err()).contains("hint: look at it: codex-auth rescue --list --id ci");
        assertThat(cli.run("rescue", "--list", "--id", "ci").out()).contains("aside-", ": put aside, account ");
        assertThat(cli.run("rescue", "--id", "ci").exitCode())
                .as("not without --force")
                .isEqualTo(64);
    }

    /** Each forged file is a new generation, as nobody can tell; the one that the job was given stays. */
    @Test
    void threeForgedFilesLeaveTheGenerationThatTheJobWasGiven() {
        String[] forged = new String[3];
        for (int i = 0; i < forged.length; i++) {
            forged[i] = "cp "
                    + cli.write(
                            "forged" + i,
                            Login.unknownToAnyServer(login, Instant.now().plusSeconds(i))
                                    .authJson())
                    + " $CODEX_HOME/auth.json; until grep -q '\"generation\" : " + (i + 2) + "' "
                    + cli.storeFolder() + "/credentials/ci/current.json; do sleep 0.1; done; ";
        }

        Result result = cli.runJob("sh", "-c", String.join("", forged));

        assertThat(result.err()).contains("stored as generation 4");
        assertThat(cli.run("rescue", "--previous", "--id", "ci").exitCode()).isZero();
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void anEmptyFileReplacesNothing() {
        Result result = cli.runJob("sh", "-c", ": > $CODEX_HOME/auth.json");

        assertThat(result.err()).contains("warning: auth.json is empty");
        assertUntouched();
    }

    @Test
    void anOlderStateOfTheSameLoginReplacesNothing() {
        Path seed = folder.resolve("seed.json");
        standIn.endAccessTokens();
        assertThat(cli.runCodex().exitCode()).isZero();

        Result result = cli.runJob("sh", "-c", "cp " + seed + " $CODEX_HOME/auth.json");

        assertThat(result.err()).contains("warning: auth.json is older than the stored login");
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    /** CLIs before 0.169 truncate the file and write it anew. */
    @Test
    void aFileTornByAnOldCliIsStoredWhenItIsWholeAndNotBefore() {
        Path next = cli.write("next.json", nextState());

        Running running = cli.start(Cli.job(
                "sh",
                "-c",
                "head -c 700 " + next + " > $CODEX_HOME/auth.json; echo half-written; read go < " + fifo()
                        + "; tail -c +701 " + next + " >> $CODEX_HOME/auth.json"));
        running.awaitOutput("half-written");
        assertThat(Stored.generation(cli)).isEqualTo(1);
        cli.openFifo();
        Result result = running.result();

        assertThat(result.err()).contains("stored as generation 2");
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void aFileTornForGoodReplacesNothing() {
        Path torn = cli.write(
                "torn.json", new String(login.authJson(), java.nio.charset.StandardCharsets.UTF_8).substring(0, 900));

        Result result = cli.runJob("sh", "-c", "cp " + torn + " $CODEX_HOME/auth.json");

        assertThat(result.err()).contains("warning: auth.json is not complete JSON");
        assertUntouched();
    }

    @Test
    void codexDeletingItsFileForForcedLoginMethodReplacesNothing() {
        Result result = cli.runJob(Cli.codexExec("-c", "forced_login_method=\"api\""));

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.err()).contains("warning: auth.json is gone");
        assertAliveAfterCodexWasAsked();
    }

    /** As after a job that moved its file: Codex replaces what is at the end of the link. */
    @Test
    void aLinkToTheNextStateIsStoredAndTheFileThereIsNamed() {
        Path elsewhere = cli.write("elsewhere.json", nextState());

        Result result = cli.runJob("sh", "-c", "ln -sf " + elsewhere + " $CODEX_HOME/auth.json");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).contains("warning: the job has moved auth.json to " + elsewhere, "rm " + elsewhere);
        assertThat(elsewhere).exists();
        assertThat(Stored.generation(cli)).isEqualTo(2);
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void aLinkToSomethingElseReplacesNothing() {
        Result result = cli.runJob("sh", "-c", "ln -sf /etc/passwd $CODEX_HOME/auth.json");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).contains("warning: auth.json is gone");
        assertAliveAfterCodexWasAsked();
    }

    /**
     * A helper that may read more than its job must not be led to another's login; but that one may be the newest, too.
     */
    @Test
    void aLinkToAnotherUsersLoginIsNotFollowedAndTheHomeStays() throws Exception {
        Path elsewhere = cli.write("elsewhere.json", nextState());
        try {
            Files.setAttribute(elsewhere, "unix:uid", 65534);
        } catch (IOException notRoot) {
            throw Requirement.isMissing("only root can give a file to another user");
        }

        Result result = cli.runJob("sh", "-c", "ln -sf " + elsewhere + " $CODEX_HOME/auth.json");
        Result next = cli.runJob("true");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(74);
        assertThat(result.err()).contains(elsewhere + " belongs to another user");
        assertThat(next.exitCode()).as(next.toString()).isEqualTo(73);
        assertThat(Stored.generation(cli)).isEqualTo(1);
        Files.setAttribute(elsewhere, "unix:uid", Files.getAttribute(folder, "unix:uid"));
        assertThat(cli.runJob("true").err()).contains("a job that was killed had left a newer login here");
    }

    @Test
    void aCodexThatOutlivesTheJobIsEndedBeforeItCouldRefreshUnseen() {
        Result result = cli.runJob("sh", "-c", "codex app-server > /dev/null 2>&1 < /dev/zero & echo started");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).contains("ended 1 Codex process that outlived the job");
        assertThat(ProcessHandle.allProcesses()
                        .filter(process -> process.info()
                                .commandLine()
                                .filter(line -> line.contains("app-server"))
                                .isPresent()))
                .isEmpty();
    }

    private byte[] nextState() {
        return standIn.refreshUnseen(login);
    }

    private String fifo() {
        return cli.makeFifo();
    }

    /** 'codex logout' would look the same. Only a refresh shows that the login lives, and it leaves a newer one. */
    private void assertAliveAfterCodexWasAsked() {
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(Stored.generation(cli)).isEqualTo(2);
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    private void assertUntouched() {
        assertThat(Stored.generation(cli)).isEqualTo(1);
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }
}
