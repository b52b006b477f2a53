package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The three files that the build leaves, in the folder where somebody put them. */
class LauncherIT {
    private static final Path BUILT = Path.of(System.getProperty("codexauth.launcher", "target/codex-auth"))
            .toAbsolutePath()
            .getParent();

    @TempDir
    private Path folder;

    @Test
    void theClassDataArchiveIsUsedWhereverTheFolderIsPut() throws IOException {
        for (String file : List.of("codex-auth", "codex-auth.jar", "codex-auth.jsa")) {
            Files.copy(BUILT.resolve(file), folder.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        // Java then refuses to start without the archive, in the place of starting slowly.
        Path launcher = folder.resolve("codex-auth");
        Files.writeString(launcher, Files.readString(launcher).replace("-Xshare:auto", "-Xshare:on"));

        Result started = run(launcher.toString(), "keygen", "--help");

        assertThat(started.exitCode()).as(started.toString()).isZero();
        assertThat(started.out()).startsWith("Usage: codex-auth keygen");
    }

    private static Result run(String... command) throws IOException {
        return new Running(new ProcessBuilder(command).start()).result();
    }
}
