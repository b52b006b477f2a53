package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Volumes that a refreshed login could not be saved in are found before Codex can use a refresh token up. */
class VolumeIT extends InContainers {
    @AfterEach
    void nothingWasRefreshed() {
        assertThat(standIn.rotations()).isZero();
    }

    @Test
    void withoutAVolumeTheLoginWouldVanishWithTheContainer() {
        Result result = seed(withMachine(Box.plain(engine, name)), standIn.newLogin(Duration.ofHours(-1)));

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(69);
        assertThat(result.err())
                .contains("error: the store /var/lib/codex-auth/store lies in the container itself")
                .contains("hint: mount a volume there: docker run -v codex-auth:/var/lib/codex-auth");
    }

    @Test
    void aVolumeInMemoryIsNoneEither() {
        Result result = seed(
                withMachine(Box.hardened(engine, name)).with("--tmpfs=/var/lib/codex-auth:rw,U,mode=0700"),
                standIn.newLogin(Duration.ofHours(-1)));

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(69);
        assertThat(result.err()).contains("lies in memory (tmpfs), and would vanish");
    }

    @Test
    void aVolumeThatIsMountedReadOnlyIsNamed() {
        seed(standIn.newLogin(Duration.ofHours(-1)));

        Result result = withMachine(Box.hardened(engine, name))
                .with("--volume=" + volume + ":/var/lib/codex-auth:ro")
                .run(job("true"));

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(69);
        assertThat(result.err()).contains("/var/lib/codex-auth").contains("hint: mount");
    }

    @Test
    void aVolumeOfAnotherUserIsNamed() {
        seed(standIn.newLogin(Duration.ofHours(-1)));

        Result result = box().with("--user=1234:1234").run(job("true"));

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(69);
        assertThat(result.err()).contains("hint: ").contains("chown \"$(id -u)\" /var/lib/codex-auth/store");
    }

    @Test
    void aFullVolumeIsFoundAndTheSameLoginWorksOnceThereIsRoom() throws IOException, InterruptedException {
        Path disk = folder.resolve("disk.img");
        Path mounted = Files.createDirectory(folder.resolve("disk"));
        execute("truncate", "-s", "6M", disk.toString());
        execute("mkfs.ext4", "-q", disk.toString());
        execute("mount", "-o", "loop", disk.toString(), mounted.toString());
        try {
            execute("mkdir", "-m", "700", mounted + "/store");
            execute("chown", "10001:10001", mounted + "/store");
            Box box =
                    withMachine(Box.hardened(engine, name)).with("--volume=" + mounted + "/store:/var/lib/codex-auth");
            Login login = standIn.newLogin(Duration.ofHours(-1));
            assertThat(seed(box, login).exitCode()).isZero();
            Path ballast = mounted.resolve("ballast");
            execute("sh", "-c", "head -c 10000000 /dev/zero > " + ballast + " 2> /dev/null || :");

            Result full = box.run(job("true"));
            Files.delete(ballast);
            int rotationsWhenFull = standIn.rotations();
            Result withRoom = box.run("status");

            assertThat(full.exitCode()).as(full.toString()).isIn(69, 73);
            assertThat(full.err()).contains("No space left on device", "df -h");
            assertThat(rotationsWhenFull).isZero();
            assertThat(withRoom.exitCode()).isZero();
        } finally {
            execute("umount", mounted.toString());
        }
    }

    @Test
    void anAuthJsonThatIsMountedAsASingleFileIsNamedByDoctor() {
        write("auth.json", "{}", "rw-rw-rw-");

        Result result = box().with("--volume=" + folder.resolve("auth.json") + ":/home/codex/.codex/auth.json")
                .run("doctor");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(78);
        assertThat(result.out()).contains("Codex would burn the login", "is mounted as a single file");
    }

    private static void execute(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(List.of(command)).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }
}
