package io.jenkins.plugins.codexauth.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    @TempDir
    private Path folder;

    @Test
    void aVerdictIsOneLine() throws Exception {
        new AuditLog(folder, 10_000).record(verdict(41, "anonymous may read the job 'deploy/main'"));

        assertThat(folder.resolve("audit.log")).content().isEqualTo("""
                        {"time":"2026-03-01T10:15:30Z","who":"alice","runsAs":"SYSTEM","job":"deploy/main","build":41,\
                        "agent":"a1","credential":"codex-ci","mode":"managed auth.json","verdict":"refused",\
                        "reasons":["anonymous may read the job 'deploy/main'"]}
                        """);
    }

    @Test
    void nothingFromOutsideBeginsALineOfItsOwn() throws Exception {
        new AuditLog(folder, 10_000).record(verdict(41, "from the fork 'a\n{\"verdict\":\"allowed\"}\u2028\u202Eb'"));

        assertThat(Files.readAllLines(folder.resolve("audit.log")))
                .singleElement()
                .asString()
                .doesNotContain("\u2028", "\u202E", "\\n");
    }

    @Test
    void onlyJenkinsCanReadTheFile() throws Exception {
        new AuditLog(folder, 10_000).record(verdict(1, "x"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("audit.log"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aFullFileMakesWayAndTheOneBeforeItGoes() throws Exception {
        AuditLog log = new AuditLog(folder, 600);

        for (int build = 1; build <= 20; build++) {
            log.record(verdict(build, "x"));
        }

        assertThat(folder).isDirectoryContaining(file -> file.endsWith("audit.log.1"));
        assertThat(Files.list(folder))
                .hasSize(2)
                .allSatisfy(file -> assertThat(file.toFile().length()).isLessThan(600));
        assertThat(log.latest(3)).extracting(AuditLine::build).containsExactly(20, 19, 18);
    }

    @Test
    void whatCannotBeReadIsLeftOut() throws Exception {
        AuditLog log = new AuditLog(folder, 10_000);
        log.record(verdict(1, "x"));
        Files.writeString(
                folder.resolve("audit.log"), "{\"time\":\"2026\n" + Files.readString(folder.resolve("audit.log")));

        assertThat(log.latest(10)).containsExactly(verdict(1, "x"));
    }

    @Test
    void aFileThatCannotBeWrittenStopsNobody() throws Exception {
        Path notAFolder = Files.createFile(folder.resolve("file"));

        new AuditLog(notAFolder, 10_000).record(verdict(1, "x"));

        assertThat(notAFolder).isEmptyFile();
    }

    private static AuditLine verdict(int build, String reason) {
        return new AuditLine(
                Instant.parse("2026-03-01T10:15:30Z"),
                "alice",
                "SYSTEM",
                "deploy/main",
                build,
                "a1",
                "codex-ci",
                "managed auth.json",
                false,
                List.of(reason));
    }
}
