package io.github.codexauth.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code install.sh} of a release; with root and dpkg: {@link FreshDebianIT}. */
class InstallScriptIT {
    @TempDir
    private Path folder;

    private Path release;
    private Path prefix;

    @BeforeEach
    void aRelease() throws IOException {
        release = Release.sealedIn(Files.createDirectory(folder.resolve("release")));
        prefix = folder.resolve("prefix");
    }

    @Test
    void itUnpacksTheTarballWhereItIsTold() {
        Result installed = install();

        assertThat(installed.exitCode()).as(installed.toString()).isZero();
        assertThat(installed.out())
                .isEqualTo("codex-auth " + Release.VERSION + " is installed; type: " + prefix
                        + "/bin/codex-auth --help\n");
        assertThat(Release.run(Map.of(), prefix.resolve("bin/codex-auth").toString(), "--version")
                        .out())
                .startsWith("codex-auth " + Release.VERSION);
    }

    @Test
    void itRefusesWhatIsNotTheReleasesFile() throws IOException {
        Files.write(release.resolve(Release.tarball().getFileName()), new byte[] {0}, StandardOpenOption.APPEND);

        Result refused = install();

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("is not the one that was released");
        assertThat(prefix).doesNotExist();
    }

    @Test
    void itSaysWhatToDoWhereItsJavaCannotStart() {
        // In the place of a system that is too old: one that gives a process too little memory.
        Result failed = installWith("ulimit -v 250000; sh");

        assertThat(failed.exitCode()).as(failed.toString()).isEqualTo(1);
        assertThat(failed.err()).contains("codex-auth does not start here", "hint: it needs glibc 2.34 or newer");
        assertThat(failed.out()).doesNotContain("is installed");
    }

    @Test
    void halfOfItDoesNothing() throws IOException {
        Path script = release.resolve("install.sh");
        String whole = Files.readString(script);
        Files.writeString(script, whole.substring(0, whole.lastIndexOf("install_codex_auth")));

        install();

        assertThat(prefix).doesNotExist();
    }

    @Test
    void theSumsOfTheReleaseAreRight() {
        Result checked =
                Release.run(Map.of(), "sh", "-c", "cd \"$0\" && sha256sum -c SHA256SUMS | wc -l", release.toString());

        assertThat(checked.exitCode()).isZero();
        assertThat(checked.out().strip()).isEqualTo("3");
    }

    private Result install() {
        return installWith("sh");
    }

    private Result installWith(String shell) {
        return Release.run(
                Map.of(
                        "CODEX_AUTH_RELEASE", "file://" + release,
                        "CODEX_AUTH_PREFIX", prefix.toString(),
                        "HOME", folder.toString()),
                "sh",
                "-c",
                "curl -fsSL \"file://$0/install.sh\" | { " + shell + "; }",
                release.toString());
    }
}
