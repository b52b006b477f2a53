package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.codexauth.standin.Login;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Folders that another user of the machine rules are not trusted with a login. Needs root, to be two users. */
class OtherUsersIT extends OnOneMachine {
    private static final int STRANGER = 12345;
    private static final int JOB = 23456;

    private Login login;
    private Path theirs;

    @BeforeEach
    void aMachineWithAStranger() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: only root can be two users");
        login = standIn.newLogin(Duration.ofDays(9));
        theirs = Files.createDirectory(folder.resolve("theirs"));
        Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectory(
                theirs.resolve("ours"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setAttribute(theirs, "unix:uid", STRANGER);
    }

    @Test
    void aStoreBelowAStrangersFolderIsRefused() {
        Path seed = cli.write("seed.json", login.authJson());

        Result result =
                cli.run("seed", "--store", "file:" + theirs + "/ours", "--id", "ci", "--seed-file", seed.toString());

        assertRefused(result, 69);
        assertThat(theirs.resolve("ours")).isEmptyDirectory();
    }

    @Test
    void homesBelowAStrangersFolderOrOneThatAllCanWriteAreRefused() throws IOException {
        cli.seed(login);
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

        Result strangers = cli.run("run", "--id", "ci", "--homes", theirs + "/ours", "--", "echo", "ran");
        Result everybodys = cli.run("run", "--id", "ci", "--homes", open + "/homes", "--", "echo", "ran");

        assertRefused(strangers, 73);
        assertThat(everybodys.exitCode()).as(everybodys.toString()).isEqualTo(73);
        assertThat(everybodys.err()).contains(open + " can be written by others", "hint: close it: chmod go-w " + open);
        assertThat(everybodys.out()).isEmpty();
    }

    @Test
    void rescueCopiesBelowAStrangersFolderAreNotTakenUp() {
        cli.seed(login);

        Result result = cli.with("XDG_STATE_HOME", theirs + "/ours")
                .run("run", "--store", "file:" + cli.storeFolder(), "--id", "ci", "--", "echo", "ran");

        assertRefused(result, 69);
    }

    @Test
    void theHomeOfAKeyIsNotMadeBelowAStrangersFolder() {
        Path key = cli.write("key", standIn.newApiKey());

        Result result = cli.with("XDG_STATE_HOME", theirs + "/ours")
                .run("run", "--api-key-file", key.toString(), "--", "echo", "ran");

        assertRefused(result, 73);
    }

    /** As CI does: neither operator nor stranger is root. */
    @Test
    void anOrdinaryUserIsToldWhatToType() throws Exception {
        Path launcher = Path.of(System.getProperty("codexauth.launcher")).toAbsolutePath();
        assumeTrue(
                asUser("test", "-r", launcher.toString()).exitCode() == 0,
                "skipped: this checkout cannot be read by other users");
        chown(JOB, folder);
        chown(STRANGER, theirs);

        Result fine = asUser(launcher.toString(), "status");
        Result refused = asUser(launcher.toString(), "status", "--store", "file:" + theirs + "/ours");

        assertThat(fine.exitCode()).as(fine.toString()).isZero();
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(69);
        assertThat(refused.err())
                .contains("error: " + theirs + " belongs to another user (uid 12345)")
                .contains("hint: give it to root or to the user that runs the job: chown \"$(id -u)\" " + theirs);
    }

    private void assertRefused(Result result, int exitCode) {
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        assertThat(result.err())
                .contains(
                        "error: " + theirs + " belongs to another user (uid 12345)",
                        "hint: give it to root: chown root ");
        assertThat(result.out()).isEmpty();
    }

    private Result asUser(String... command) {
        return cli.runCommand(Stream.concat(
                        Stream.of("setpriv", "--reuid=" + JOB, "--regid=" + JOB, "--clear-groups"), Stream.of(command))
                .toList());
    }

    private static void chown(int user, Path path) throws IOException, InterruptedException {
        List<String> command = List.of("chown", "-R", user + ":" + user, path.toString());
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }
}
