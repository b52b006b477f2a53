package io.github.codexauth.packages;

import static io.github.codexauth.packages.Release.assertSuccess;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.RealCodex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Owner, name and version, and what is called after them. */
class NamesIT {
    private static final String RELEASED = Release.VERSION.replaceFirst("-.*", "");
    private static final Pattern IMAGE = Pattern.compile("ghcr\\.io/[\\w./-]+(?:[:@][\\w.-]+)?");
    private static final Pattern ACTION = Pattern.compile("uses: +([\\w-]+/[\\w-]+)(?:/[\\w./-]+)?(@[\\w.-]+)");
    private static final Pattern FILE =
            Pattern.compile("github\\.com/([\\w-]+/[\\w-]+)/releases/(?:latest/)?download/(?:v[\\d.]+/)?([\\w.-]+)");

    @TempDir
    private Path folder;

    @Test
    void docsAndExamplesNameNothingThatNoReleaseMakes() throws IOException {
        assertThat(foreignNames(Release.REPOSITORY, RELEASED, Release.GITHUB)).isEmpty();
    }

    @Test
    void aForkReleasesUnderItsOwnName() throws IOException {
        Path fork = Sources.copiedTo(folder.resolve("sources"));

        assertSuccess(fork.resolve(".ci/release/set-names").toString(), "Acme/codex-fork", "2.3.4");

        assertThat(foreignNames(fork, "2.3.4", "Acme/codex-fork")).isEmpty();
        assertThat(Files.readString(fork.resolve("README.md")))
                .contains("https://github.com/Acme/codex-fork/releases/latest/download/install.sh");
        for (Path pom : poms(fork)) {
            assertThat(Files.readString(pom))
                    .as(pom.toString())
                    .contains("2.3.4")
                    .doesNotContain(Release.VERSION);
        }
    }

    @Test
    void theJenkinsPluginOfAReleaseHasItsVersionAndNoSnapshotInIt() throws IOException {
        Path sources = Sources.copiedTo(folder.resolve("sources"));

        assertSuccess(sources.resolve(".ci/release/set-names").toString(), "Acme/codex-fork", "2.3.4");

        PluginPom plugin = PluginPom.of(sources.resolve("jenkins-plugin/pom.xml"));
        assertThat(plugin.value("version")).isEqualTo("2.3.4");
        assertThat(plugin.value("properties/codex-auth.version")).isEqualTo("2.3.4");
        assertThat(plugin.value("url")).isEqualTo("https://github.com/Acme/codex-fork");
    }

    @Test
    void betweenReleasesTheJenkinsPluginIsASnapshotOfTheSameVersion() throws IOException {
        Path sources = Sources.copiedTo(folder.resolve("sources"));

        assertSuccess(sources.resolve(".ci/release/set-names").toString(), Release.GITHUB, "2.4.0-SNAPSHOT");

        PluginPom plugin = PluginPom.of(sources.resolve("jenkins-plugin/pom.xml"));
        assertThat(plugin.value("version")).isEqualTo("2.4.0-999999-SNAPSHOT");
        assertThat(plugin.value("properties/codex-auth.version")).isEqualTo("2.4.0-SNAPSHOT");
    }

    @Test
    void aFixOfAnOlderVersionMovesNothingBack() throws IOException {
        Path sources = Sources.copiedTo(folder.resolve("sources"));
        Sources.git(sources, "commit", "-qm", "all");
        for (String version : List.of("1.2.9", "1.2.10", "1.3.0", "2.0.0")) {
            Sources.git(sources, "tag", "v" + version);
        }

        assertThat(names(sources, "1.2.11", "a/b", "image"))
                .containsExactlyInAnyOrder(
                        "ghcr.io/a/b:1.2.11",
                        "ghcr.io/a/b:1.2.11-no-codex",
                        "ghcr.io/a/b:1.2",
                        "ghcr.io/a/b:1.2-no-codex");
        assertThat(names(sources, "1.2.9", "a/b", "image")).doesNotContain("ghcr.io/a/b:1.2", "ghcr.io/a/b:1");
        assertThat(names(sources, "1.3.1", "a/b", "action")).containsExactly("a/b@v1.3.1", "a/b@v1");
    }

    @Test
    void theMajorTagNamesTheReleaseAndTheSumsOfWhatItsActionDownloads() throws IOException {
        Path sources = Sources.copiedTo(folder.resolve("sources"));
        Files.createDirectories(sources.resolve("action"));
        Files.writeString(
                sources.resolve("action/release.json"), "{\n  \"version\": \"0.1.0\",\n  \"sha256\": {}\n}\n");
        Path sums = Files.writeString(folder.resolve("SHA256SUMS"), """
                0a  codex-auth-2.3.4-linux-amd64.tar.gz
                0b  codex-auth-2.3.4-linux-arm64.tar.gz
                0c  codex-auth_2.3.4_amd64.deb
                """);
        Sources.git(sources, "add", ".");
        Sources.git(sources, "commit", "-qm", "all");
        Sources.git(sources, "tag", "v2.3.4");
        Path origin = folder.resolve("origin");
        assertSuccess("git", "init", "-q", "--bare", origin.toString());
        Sources.git(sources, "remote", "add", "origin", origin.toString());

        assertSuccess(sources.resolve(".ci/release/tag-major").toString(), "2.3.4", "Acme/codex-fork", sums.toString());

        assertThat(Sources.git(origin, "show", "v2:action/release.json")).isEqualToIgnoringWhitespace("""
                {"version": "2.3.4", "sha256": {"linux-amd64": "0a", "linux-arm64": "0b"}}""");
        assertThat(Sources.git(origin, "show", "v2:action-runner/action.yml"))
                .contains("ghcr.io/acme/codex-fork:2.3.4");
        assertThat(Sources.git(sources, "show", "v2.3.4:action-runner/action.yml"))
                .doesNotContain("codex-fork");
    }

    @Test
    void readmeInstallsTheCodexThatTheTestsRunWith() throws IOException {
        assertThat(Files.readString(Release.REPOSITORY.resolve("README.md")))
                .contains("npm install --silent -g @openai/codex@"
                        + RealCodex.get().version() + "\n");
    }

    /** Names in the docs that look like a release's, and are none of the release's. */
    private static List<String> foreignNames(Path sources, String version, String github) throws IOException {
        Set<String> images = names(sources, version, github, "image");
        Set<String> actions = names(sources, version, github, "action");
        Set<String> files = names(sources, version, github, "file");
        String untagged = "ghcr.io/" + github.toLowerCase(Locale.ROOT);
        List<String> foreign = new ArrayList<>();
        int seen = 0;
        for (Path file : documents(sources)) {
            String text = Files.readString(file);
            for (Matcher found = IMAGE.matcher(text); found.find(); seen++) {
                String image = found.group().replaceFirst("[.:]$", "");
                if (!images.contains(image) && !image.equals(untagged)) {
                    foreign.add(file + ": " + image);
                }
            }
            for (Matcher found = ACTION.matcher(text); found.find(); seen++) {
                boolean ofOthers =
                        Set.of("actions", "acme").contains(found.group(1).replaceFirst("/.*", ""));
                if (!ofOthers && !actions.contains(found.group(1) + found.group(2))) {
                    foreign.add(file + ": " + found.group());
                }
            }
            for (Matcher found = FILE.matcher(text); found.find(); seen++) {
                if (!found.group(1).equals(github) || !files.contains(found.group(2))) {
                    foreign.add(file + ": " + found.group());
                }
            }
        }
        assertThat(seen).as("names in the docs").isGreaterThan(10);
        return foreign;
    }

    private static Set<String> names(Path sources, String version, String github, String kind) {
        return assertSuccess(sources.resolve(".ci/release/names").toString(), version, github)
                .lines()
                .filter(line -> line.startsWith(kind + " "))
                .map(line -> line.substring(kind.length() + 1))
                .collect(Collectors.toSet());
    }

    private static List<Path> documents(Path sources) {
        return tracked(sources, "*.md", "*.yml", "*.yaml", "examples", ":!CHANGELOG.md", ":!docs/adr", ":!*.github/*");
    }

    private static List<Path> poms(Path sources) {
        return tracked(sources, "pom.xml", "*/pom.xml");
    }

    private static List<Path> tracked(Path sources, String... patterns) {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "safe.directory=*", "-C", sources.toString(), "ls-files", "--"));
        command.addAll(List.of(patterns));
        return assertSuccess(command.toArray(String[]::new))
                .lines()
                .map(sources::resolve)
                .filter(file -> Files.isRegularFile(file))
                .toList();
    }
}
