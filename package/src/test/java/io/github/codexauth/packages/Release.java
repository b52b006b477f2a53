package io.github.codexauth.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the build has made for this machine's architecture, and the scripts that made it. */
final class Release {
    static final Path REPOSITORY = Path.of(System.getProperty("codexauth.repository", ".."))
            .toAbsolutePath()
            .normalize();
    static final String GITHUB = System.getProperty("codexauth.github", "codex-auth/codex-auth");
    static final String VERSION = System.getProperty("codexauth.version", "0.1.0-SNAPSHOT");

    private static final Path FOLDER = Path.of(System.getProperty("codexauth.release", "target/release"));

    private Release() {}

    static Path tarball() {
        return only("codex-auth-" + VERSION + "-linux-*.tar.gz");
    }

    static Path debianPackage() {
        return only("codex-auth_*.deb");
    }

    /** Unpacks the tarball there, and answers the folder that it has. */
    static Path unpackedIn(Path folder) {
        assertSuccess("tar", "-xzf", tarball().toString(), "-C", folder.toString());
        return folder.resolve("codex-auth-" + VERSION);
    }

    /** A folder with all that a release of this machine's architecture publishes. */
    static Path sealedIn(Path folder) throws IOException {
        for (Path file : List.of(tarball(), debianPackage())) {
            Files.copy(file, folder.resolve(file.getFileName()));
        }
        assertSuccess(script("seal"), folder.toString(), VERSION, GITHUB);
        return folder;
    }

    static String script(String name) {
        return REPOSITORY.resolve("package").resolve(name).toString();
    }

    static String assertSuccess(String... command) {
        Result result = run(Map.of(), command);
        assertThat(result.exitCode()).as(result.toString()).isZero();
        return result.out();
    }

    /** A command with these variables, a PATH without Java and Codex, and no other variable. */
    static Result run(Map<String, String> variables, String... command) {
        return Command.run(variables, "", command);
    }

    private static Path only(String pattern) {
        try (Stream<Path> files = Files.list(FOLDER)) {
            var matcher = FOLDER.getFileSystem().getPathMatcher("glob:" + pattern);
            List<Path> found =
                    files.filter(file -> matcher.matches(file.getFileName())).toList();
            assertThat(found).hasSize(1);
            return found.get(0).toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
