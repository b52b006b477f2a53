package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Disks that are full, read-only or mounted wrongly are found before Codex can use a refresh token up. Needs root, for
 * mounts.
 */
class DiskIT extends OnOneMachine {
    private final Deque<Path> mounts = new ArrayDeque<>();

    private Login login;

    @BeforeEach
    void machine() {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        login = standIn.newLogin(Duration.ofHours(-1));
    }

    @AfterEach
    void unmount() {
        mounts.forEach(mount -> execute("umount", "-l", mount.toString()));
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    @Test
    void aFullDiskIsFoundBeforeAnythingIsRefreshed() throws IOException {
        Path store = tmpfs("size=6m");
        assertThat(seedInto(store).exitCode()).isZero();
        Files.write(store.resolve("ballast"), new byte[5_800_000]);

        Result result = runOn(store);

        assertThat(result.exitCode()).as(result.toString()).isIn(69, 73);
        assertThat(result.err()).contains("No space left on device", "df -h");
        assertThat(standIn.rotations()).isZero();
        Files.delete(store.resolve("ballast"));
        assertThat(runOn(store).exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"access", "all"})
    void aDiskThatFillsUpDuringTheJobCostsNoLogin(String give) throws IOException {
        Path store = tmpfs("size=6m");
        login = standIn.newLogin(Duration.ofDays(9));
        assertThat(seedInto(store).exitCode()).isZero();
        standIn.endAccessTokens();
        String refreshThenFillUp = String.join(" ", Cli.codexExec()).replace("say done", "hi");

        Result result = cli.run(
                "run",
                "--give",
                give,
                "--store",
                "file:" + store,
                "--id",
                "ci",
                "--",
                "sh",
                "-c",
                // The job fills the disk before Codex writes the refreshed file's successor into the store.
                "head -c 3000000 /dev/zero > " + store + "/ballast; " + refreshThenFillUp + "; dd if=/dev/zero of="
                        + store + "/more bs=4k 2> /dev/null; true");

        // Whatever happened to the disk, the newest login is in the store, in a rescue copy, or in the home.
        Files.delete(store.resolve("ballast"));
        Files.deleteIfExists(store.resolve("more"));
        Result next = runOn(store);
        assertThat(next.exitCode()).as(result + "\n" + next).isZero();
        assertThat(login.isDead()).isFalse();
    }

    @Test
    void aReadOnlyVolumeIsFoundBeforeAnythingIsRefreshed() {
        Path store = tmpfs("size=6m");
        assertThat(seedInto(store).exitCode()).isZero();
        execute("mount", "-o", "remount,ro", store.toString());

        Result result = runOn(store);

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(69);
        assertThat(result.err()).contains("hint: mount");
        assertThat(standIn.rotations()).isZero();
    }

    @Test
    void aVolumeThatTurnsReadOnlyDuringTheJobEndsInARescueCopyThatTheNextJobTakesUp() {
        Path store = tmpfs("size=6m");
        login = standIn.newLogin(Duration.ofDays(9));
        assertThat(seedInto(store).exitCode()).isZero();
        Path next = cli.write("next.json", standIn.refreshUnseen(login));
        // The home lies on the same volume, so the new file is put there first and the volume closed at once.
        Result result = cli.run(
                "run",
                "--give",
                "all",
                "--store",
                "file:" + store,
                "--id",
                "ci",
                "--",
                "sh",
                "-c",
                "mount -o bind " + store + "/credentials " + store + "/credentials && mount -o remount,ro,bind " + store
                        + "/credentials && cp " + next + " $CODEX_HOME/auth.json");
        execute("umount", "-l", store.resolve("credentials").toString());

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(74);
        assertThat(result.err())
                .contains("error: the refreshed login of 'ci' could not be stored; a rescue copy is on this machine")
                .contains("the job's own exit code was 0");

        Result recovered = runOn(store);
        assertThat(recovered.exitCode()).as(recovered.toString()).isZero();
        assertThat(recovered.err()).contains("had left a newer login here");
    }

    @Test
    void doctorNamesAnAuthJsonThatIsMountedAsASingleFileOrHasASecondName() throws IOException {
        Path home = Files.createDirectories(
                folder.resolve("home/.codex"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path auth = cli.write("home/.codex/auth.json", login.authJson());
        Path outside = cli.write("outside.json", login.authJson());
        execute("mount", "--bind", outside.toString(), auth.toString());
        mounts.push(auth);

        Result mounted = cli.run("doctor");
        execute("umount", auth.toString());
        mounts.pop();
        Files.createLink(home.resolve("second-name"), auth);
        Result linked = cli.run("doctor");

        assertThat(mounted.out()).contains("Codex would burn the login", "is mounted as a single file");
        assertThat(linked.out()).contains("Codex would burn the login", "has 2 hard links");
        assertThat(List.of(mounted.exitCode(), linked.exitCode())).containsOnly(78);
    }

    private Result seedInto(Path store) {
        Path file = cli.write("seed.json", login.authJson());
        return cli.run("seed", "--store", "file:" + store, "--id", "ci", "--seed-file", file.toString());
    }

    private Result runOn(Path store) {
        return cli.run("run", "--store", "file:" + store, "--id", "ci", "--", "true");
    }

    private Path tmpfs(String options) {
        Path mount = folder.resolve("volume");
        execute("mkdir", "-m", "700", mount.toString());
        execute("mount", "-t", "tmpfs", "-o", "mode=0700," + options, "tmpfs", mount.toString());
        mounts.push(mount);
        return mount;
    }

    private static void execute(String... command) {
        try {
            int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (exit != 0) {
                throw new AssertionError(String.join(" ", command) + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
