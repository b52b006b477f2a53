package io.github.codexauth.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.codexauth.standin.Login;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home holds one login, gives it back as the job left it, and goes without a trace. */
class CodexHomeTest {
    private static final byte[] LOGIN = Login.unknownToAnyServer(
                    "acme", "bot", Instant.parse("2026-11-01T10:00:00Z"), Duration.ofDays(10))
            .authJson();

    @TempDir
    private Path temporary;

    private CodexHome home;

    @BeforeEach
    void makeAHome() throws Exception {
        home = CodexHome.create(temporary.resolve("homes/home"));
    }

    @Test
    void isPrivateFromItsFirstInstant() throws Exception {
        home.restore(LOGIN);

        assertThat(permissions(temporary.resolve("homes"))).isEqualTo("rwx------");
        assertThat(permissions(home.folder())).isEqualTo("rwx------");
        assertThat(permissions(home.authJson())).isEqualTo("rw-------");
        assertThat(home.authJson()).hasBinaryContent(LOGIN);
    }

    @Test
    void isNeverAFolderThatWasThereBefore() {
        assertThatExceptionOfType(HomeException.class).isThrownBy(() -> CodexHome.create(home.folder()));
    }

    @Test
    void isKnownByItsRealPathWhichSandboxesCompare() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), temporary.resolve("homes"));

        assertThat(CodexHome.create(link.resolve("other")).folder())
                .isEqualTo(temporary.toRealPath().resolve("homes/other"));
    }

    @Test
    void leavesNothingOfItsProofsBeside() throws Exception {
        home.restore(LOGIN);

        assertThat(home.folder()).isDirectoryContaining(file -> file.endsWith("auth.json"));
        try (var files = Files.list(home.folder())) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void hasNoLoginIfThatIsGoneOrNoPlainFileOrOfNoSensibleSize() throws Exception {
        assertThat(home.readAuthJson()).isEmpty();

        Files.createDirectory(home.authJson());
        assertThat(home.readAuthJson()).isEmpty();

        Files.delete(home.authJson());
        Files.write(home.authJson(), new byte[2 * 1024 * 1024]);
        assertThat(home.readAuthJson()).isEmpty();
    }

    /** Killed before the rename, Codex has left the newest login beside the old one. */
    @Test
    void hasTheLoginsThatCodexWroteAsideToo() throws Exception {
        home.restore(LOGIN);
        byte[] aside = "written aside".getBytes(StandardCharsets.UTF_8);
        Files.write(home.folder().resolve(".auth-a1B2c3"), aside);
        Files.writeString(home.folder().resolve("history.jsonl"), "no login");

        assertThat(home.candidates()).containsExactly(LOGIN, aside);
    }

    @Test
    void followsTheLinkByWhichAJobHasMovedItsLogin() throws Exception {
        Path moved = Files.write(temporary.resolve("moved.json"), LOGIN);
        Files.createSymbolicLink(home.authJson(), moved);

        assertThat(home.linkedLogin()).contains(moved.toRealPath());
        assertThat(home.readAuthJson()).contains(LOGIN);
    }

    /** A job could name a file that only we can read. */
    @Test
    void followsNoLinkToWhatIsNoLogin() throws Exception {
        Path other = Files.writeString(temporary.resolve("other"), "a file of ours");
        Files.createSymbolicLink(home.authJson(), other);

        assertThat(home.linkedLogin()).isEmpty();
        assertThat(home.readAuthJson()).isEmpty();
    }

    @Test
    void isWipedWithAllThatIsInItAndNothingThatIsLinked() throws Exception {
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve("kept"), "");
        home.restore(LOGIN);
        Path deep = Files.createDirectories(home.folder().resolve("sessions/2026/11"));
        Files.writeString(deep.resolve("rollout.jsonl"), "");
        Files.createSymbolicLink(home.folder().resolve("folder"), outside);
        Files.createSymbolicLink(deep.resolve("file"), outside.resolve("kept"));
        Files.createSymbolicLink(deep.resolve("nowhere"), temporary.resolve("missing"));

        assertThat(home.wipe()).isEmpty();

        assertThat(home.folder()).doesNotExist();
        assertThat(outside.resolve("kept")).exists();
        assertThat(home.wipe()).as("a second time").isEmpty();
    }

    private static String permissions(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
