package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Codex that would show its credential to the model's commands gets none. */
class UnsupportedCodexIT extends OnOneMachine {
    private Path bin;

    @BeforeEach
    void machineWithALogin() throws IOException {
        cli.seed(standIn.newLogin(Duration.ofHours(-1)));
        bin = Files.createDirectory(folder.resolve("bin"));
    }

    @Test
    void oneThatIsTooOldIsRefusedByEveryCommandBeforeAnythingIsTaken() throws IOException {
        Cli machine = machineWith("echo codex-cli 0.137.0");
        Path key = cli.write("key", standIn.newApiKey());

        assertTooOld(machine.runJob("echo", "ran"));
        assertTooOld(machine.run("run", "--api-key-file", key.toString(), "--", "echo", "ran"));
        assertTooOld(machine.run("restore", "--id", "ci"));
        assertTooOld(machine.run("keepalive", "--id", "ci"));

        assertThat(standIn.events()).isEmpty();
        assertThat(cli.storeFolder().resolve("homes")).doesNotExist();
        assertThat(cli.storeFolder().resolve("scratch")).doesNotExist();
        assertThat(cli.storeFolder().resolve("credentials/ci/lease.json")).doesNotExist();
    }

    @Test
    void theGitHubStepSaysTheSame() throws IOException {
        Cli machine = machineWith("echo codex-cli 0.132.0");

        Result result =
                machine.with("INPUT_ID", "ci").with("INPUT_RUN", "echo ran").run("action");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(78);
        assertThat(result.err()).contains("error: Codex 0.132.0 (", "is too old: 0.138.0 is the first");
    }

    @Test
    void theJobsOwnCommandIsAskedIfItIsACodex() throws IOException {
        machineWith("echo codex-cli 0.120.0");

        Result result = cli.runJob(bin.resolve("codex").toString(), "exec", "say done");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(78);
        assertThat(result.err()).contains("error: Codex 0.120.0 (" + bin.resolve("codex") + ") is too old");
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo hello", "echo codex-cli 0.171.0; exit 1", "true", "echo codex-cli 0.138.0-alpha.7"})
    void oneThatDoesNotSayThatItIsNewEnoughIsRefused(String script) throws IOException {
        Result result = machineWith(script).runJob("echo", "ran");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(78);
        assertThat(result.err()).contains("0.138.0");
        assertThat(result.out()).doesNotContain("ran");
    }

    @Test
    void aWrapperWithWordsOfItsOwnIsUnderstood() throws IOException {
        Result result = machineWith(
                        "echo using the wrapper; exec " + RealCodex.get().binary() + " \"$@\"")
                .runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(1);
    }

    @Test
    void whereNoCodexIsOnThePathTheJobHasAWayOfItsOwn() {
        Result result = cli.giving("all")
                .with("PATH", "/usr/local/bin:/usr/bin:/bin")
                .runJob("sh", "-c", RealCodex.get().binary() + " exec --skip-git-repo-check 'say done'");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).contains("no early refresh: command not found: codex");
        assertThat(standIn.rotations()).isEqualTo(1);
    }

    @Test
    void whereNoCodexIsOnThePathNobodyCanRefreshALoginThatStaysHere() {
        Cli machine = cli.with("PATH", "/usr/local/bin:/usr/bin:/bin");

        Result refused = machine.runJob("echo", "ran");

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(65);
        assertThat(refused.err())
                .contains("Codex could not refresh the login of credential 'ci': there is no Codex here");
        assertThat(refused.out()).doesNotContain("ran");
        assertThat(standIn.rotations()).isZero();
    }

    @Test
    void doctorNamesTheNumbersOfOneThatIsTooOldAndOfOneThatNobodyTested() throws IOException {
        Result tooOld = machineWith("echo codex-cli 0.137.0").run("doctor");
        Result newer = machineWith("echo codex-cli 99.1.0").run("doctor");

        assertThat(tooOld.out()).contains("wrong   Codex 0.137.0 (" + bin.resolve("codex") + ") is too old: 0.138.0");
        assertThat(newer.out())
                .contains("weak    Codex 99.1.0 at " + bin.resolve("codex") + " is newer than "
                        + RealCodex.get().version());
    }

    private Cli machineWith(String script) throws IOException {
        Path codex = Files.writeString(bin.resolve("codex"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(codex, PosixFilePermissions.fromString("rwxr-xr-x"));
        return cli.withFirstOnPath(bin);
    }

    private static void assertTooOld(Result result) {
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(78);
        assertThat(result.err())
                .contains(
                        "error: Codex 0.137.0 (",
                        "is too old: 0.138.0 is the first",
                        "hint: npm install -g @openai/codex");
        assertThat(result.out()).doesNotContain("ran");
    }
}
