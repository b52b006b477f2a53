package io.github.codexauth.packages;

import static io.github.codexauth.packages.Release.assertSuccess;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the packages, on the machine that made them. */
class PackagesIT {
    private static final Pattern GLIBC = Pattern.compile("GLIBC_2\\.(\\d+)");
    /** Of Ubuntu 22.04, Red Hat 9 and everything newer; in the package's Depends and in the docs. */
    private static final int NEWEST_GLIBC = 34;

    @TempDir
    private Path folder;

    @Test
    void filesAreRootsAndLieWhereDebianKeepsThem() {
        List<String> files = assertSuccess(
                        "dpkg-deb", "--contents", Release.debianPackage().toString())
                .lines()
                .toList();

        assertThat(files).allMatch(file -> file.contains(" root/root "));
        assertThat(files).allMatch(file -> file.matches("(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x|lrwxrwxrwx) .*"));
        assertThat(files.stream().map(file -> file.replaceFirst("^.* \\./", "")))
                .contains(
                        "etc/codex-auth/",
                        "usr/bin/codex-auth -> ../lib/codex-auth/codex-auth",
                        "usr/lib/codex-auth/codex-auth",
                        "usr/lib/codex-auth/codex-auth.jar",
                        "usr/lib/codex-auth/codex-auth.jsa",
                        "usr/lib/codex-auth/java/bin/java",
                        "usr/share/bash-completion/completions/codex-auth",
                        "usr/share/doc/codex-auth/copyright",
                        "usr/share/fish/vendor_completions.d/codex-auth.fish",
                        "usr/share/man/man1/codex-auth.1.gz",
                        "usr/share/zsh/vendor-completions/_codex-auth");
    }

    @Test
    void installingRunsNothing() {
        assertThat(assertSuccess(
                        "sh",
                        "-c",
                        "dpkg-deb --ctrl-tarfile \"$0\" | tar -t",
                        Release.debianPackage().toString()))
                .isEqualTo("./\n./control\n./md5sums\n");
    }

    @Test
    void theSameSourcesMakeTheSamePackages() throws IOException {
        Path again = folder.resolve("again");

        assertSuccess(
                Release.script("assemble"),
                again.toString(),
                Release.VERSION,
                System.getProperty("codexauth.date"),
                Release.GITHUB);

        for (Path file : List.of(Release.tarball(), Release.debianPackage())) {
            assertThat(Files.mismatch(file, again.resolve(file.getFileName())))
                    .as(file.toString())
                    .isEqualTo(-1);
        }
    }

    @Test
    void theTarballRunsWhereverItIsUnpackedAndWithoutAnotherJava() {
        Path unpacked = Release.unpackedIn(folder);

        Result version = Release.run(
                Map.of("JAVA_HOME", "/nonexistent"),
                unpacked.resolve("bin/codex-auth").toString(),
                "--version");

        assertThat(version.out()).isEqualTo("codex-auth " + Release.VERSION + "\ncodex (none on the PATH)\n");
        assertThat(version.err()).isEmpty();
    }

    @Test
    void itsClassDataArchiveIsUsed() throws IOException {
        Path unpacked = Release.unpackedIn(folder);
        // Java then refuses to start without the archive, in the place of starting slowly.
        Path launcher = unpacked.resolve("lib/codex-auth/codex-auth");
        Files.writeString(launcher, Files.readString(launcher).replace("-Xshare:auto", "-Xshare:on"));

        Result help = Release.run(Map.of(), unpacked.resolve("bin/codex-auth").toString(), "keygen", "--help");

        assertThat(help.exitCode()).as(help.toString()).isZero();
    }

    @Test
    void itsJavaIsDebiansNewest() throws IOException {
        String policy = assertSuccess("apt-cache", "policy", "openjdk-17-jre-headless");
        String newest = policy.replaceFirst("(?s).*Candidate: ([^+]+)\\+.*", "$1");

        assertThat(Files.readString(Release.unpackedIn(folder).resolve("lib/codex-auth/java/release")))
                .contains("JAVA_VERSION=\"" + newest + "\"");
    }

    @Test
    void itNeedsNoNewerSystemThanItSays() throws IOException {
        try (Stream<Path> files =
                Files.walk(Release.unpackedIn(folder).resolve("lib")).filter(Files::isRegularFile)) {
            for (Path file : files.filter(PackagesIT::isProgram).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(GLIBC.matcher(text).results().map(PackagesIT::minor))
                        .as(file.toString())
                        .allMatch(version -> version <= NEWEST_GLIBC);
            }
        }
        assertThat(assertSuccess("dpkg-deb", "--field", Release.debianPackage().toString(), "Depends"))
                .contains("libc6 (>= 2." + NEWEST_GLIBC + ")");
    }

    private static boolean isProgram(Path file) {
        return file.toString().contains(".so") || file.getParent().endsWith("bin");
    }

    private static int minor(MatchResult version) {
        return Integer.parseInt(version.group(1));
    }
}
