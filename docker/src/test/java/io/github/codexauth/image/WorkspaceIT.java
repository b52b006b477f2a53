package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A container started as root: what the job writes into a mounted workspace belongs to the workspace's owner. */
class WorkspaceIT extends InContainers {
    private Path workspace;

    @BeforeEach
    void aWorkspaceOfTheRunnersUser() throws IOException, InterruptedException {
        workspace = folder.resolve("checkout");
        new ProcessBuilder("chown", "1234:1234", workspace.toString()).start().waitFor();
    }

    @Test
    void theJobRunsAsTheOwnerOfTheWorkspaceAndNothingOfOursIsLeftThere() throws IOException {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        assertThat(seed(asRoot(), login).exitCode()).isZero();

        Result result = asRoot().run(
                        job(
                                "sh",
                                "-c",
                                "id -u; id -G; touch made-by-the-job; codex exec"
                                        + " --skip-git-repo-check hi; grep -E '^(Cap|NoNewPrivs)' /proc/self/status; git init -q . && git status --short"));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out())
                .startsWith("1234\n1234\n")
                .contains(
                        "CapInh:\t0000000000000000",
                        "CapPrm:\t0000000000000000",
                        "CapEff:\t0000000000000000",
                        "CapAmb:\t0000000000000000",
                        "NoNewPrivs:\t1");
        assertThat(Files.getAttribute(workspace.resolve("made-by-the-job"), "unix:uid"))
                .isEqualTo(1234);
        try (Stream<Path> files = Files.list(workspace)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("made-by-the-job")
                    // Codex's sandbox makes what it protects.
                    .isSubsetOf("made-by-the-job", ".agents", ".aws", ".codex", ".git");
        }
        assertThat(stores(login)).isTrue();
    }

    @Test
    void aRootsWorkspaceIsWorkedOnAsRoot() throws IOException {
        Files.setAttribute(workspace, "unix:uid", 0);
        Files.setPosixFilePermissions(workspace, PosixFilePermissions.fromString("rwxr-xr-x"));
        // Root could write any policy that allows it something.
        write("policy.yaml", "version: 1\njob-may-write-policy: true\nallow: [{platform: none}]\n", "rw-r--r--");
        assertThat(seed(asRoot(), standIn.newLogin(Duration.ofDays(9))).exitCode())
                .isZero();

        assertThat(asRoot().run(job("id", "-u")).out()).isEqualTo("0\n");
    }

    @Test
    void aStoreMadeAsRootIsNotTheJobsUsersAndOneMadeWithUserIs() {
        assertThat(seed(asRoot(), standIn.newLogin(Duration.ofDays(9))).exitCode())
                .isZero();

        Result result = box().with("--user=1234:1234").run(job("true"));

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(69);
        assertThat(result.err()).contains("the store folder /var/lib/codex-auth/store belongs to another user");
    }

    @Test
    void rootWithoutWhatItNeedsToBecomeAnotherUserIsToldWhatThatIs() {
        Result result = asRoot().with("--cap-drop=all").run(job("true"));

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(78);
        assertThat(result.err()).contains("--cap-add=CHOWN --cap-add=DAC_OVERRIDE --cap-add=KILL");
    }

    @Test
    void theCapabilitiesThatAreNamedAreEnoughAlsoWithoutNewPrivileges() {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        Box least = asRoot().with(
                        "--cap-drop=all",
                        "--cap-add=CHOWN",
                        "--cap-add=DAC_OVERRIDE",
                        "--cap-add=KILL",
                        "--cap-add=SETGID",
                        "--cap-add=SETPCAP",
                        "--cap-add=SETUID",
                        "--security-opt=no-new-privileges");
        assertThat(seed(least, login).exitCode()).isZero();

        Result result = least.run(job(SAY_DONE));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo("done\n");
        assertThat(stores(login)).isTrue();
    }

    @Test
    void aSignalReachesTheJobOfTheOtherUserAndWhatCodexRefreshedThereIsSaved() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        assertThat(seed(asRoot(), login).exitCode()).isZero();
        standIn.endAccessTokens();
        Running running = asRoot().start(job(
                "bash",
                "-c",
                "trap 'echo stopping; exit 3' TERM; codex exec --skip-git-repo-check hi; echo refreshed;"
                        + " sleep 1000 & wait"));
        running.awaitOutput("refreshed");

        engine.call("stop", "--time", "10", name);
        Result result = running.result();

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(3);
        assertThat(result.out()).contains("stopping");
        assertThat(stores(login)).isTrue();
    }

    @Test
    void aCodexThatTheJobLeftBehindIsKnownByItsNameAndUserAndEnded() {
        assertThat(seed(asRoot(), standIn.newLogin(Duration.ofDays(9))).exitCode())
                .isZero();

        Result result = asRoot().with("--env=CODEX_AUTH_GIVE=all")
                .run(job(
                        "sh",
                        "-c",
                        "cp /usr/bin/sleep /tmp/codex-left; setsid /tmp/codex-left 1000 > /dev/null 2>&1 & sleep 0.2"));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).contains("ended 1 Codex process that outlived the job");
    }

    @Test
    void whatAKilledContainerLeftInTheOtherUsersHomeIsRecovered() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        assertThat(seed(asRoot(), login).exitCode()).isZero();
        standIn.endAccessTokens();
        Running killed =
                asRoot().start(job("sh", "-c", "codex exec --skip-git-repo-check hi; echo refreshed; sleep 1000"));
        killed.awaitOutput("refreshed");
        engine.call("kill", "--signal", "KILL", name);
        assertThat(killed.result().exitCode()).isEqualTo(137);

        Result next = asRoot().run(job(SAY_DONE));

        assertThat(next.exitCode()).as(next.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(stores(login)).isTrue();
    }

    private Box asRoot() {
        return withMachine(Box.plain(engine, name))
                .with(
                        "--user=0",
                        "--volume=" + workspace + ":/workspace",
                        "--volume=" + volume + ":/var/lib/codex-auth");
    }
}
