package io.github.codexauth.packages;

import static io.github.codexauth.packages.Release.assertSuccess;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The plugin as a repository of the Jenkins project has it: what the checks of a hosting request look for, as
 * RequiredFilesVerifier and MavenVerifier of jenkins-infra/repository-permissions-updater did in August 2026.
 */
class PluginRepositoryIT {
    private static final String HOSTED = "https://github.com/jenkinsci/codex-auth-plugin";

    private static Path repository;
    private static PluginPom pom;

    @BeforeAll
    static void layItOut(@TempDir Path folder) throws IOException {
        Path sources = Sources.copiedTo(folder.resolve("sources"));
        Sources.git(sources, "commit", "-qm", "all");
        repository = folder.resolve("repository");
        assertSuccess(sources.resolve(".ci/release/plugin-repository").toString(), repository.toString(), "2.3.4");
        pom = PluginPom.of(repository.resolve("pom.xml"));
    }

    @Test
    void itsPomNamesTheRepositoryItIsIn() {
        assertThat(pom.value("url")).isEqualTo(HOSTED);
        assertThat(pom.value("scm/url")).isEqualTo(HOSTED);
        assertThat(pom.value("scm/connection")).isEqualTo("scm:git:" + HOSTED + ".git");
        assertThat(pom.value("scm/developerConnection")).isEqualTo("scm:git:" + HOSTED + ".git");
        assertThat(pom.value("scm/tag")).isEqualTo("${scmTag}");
    }

    @Test
    void itsLibraryIsAReleaseAndItsVersionSaysWhich() {
        assertThat(pom.value("properties/codex-auth.version")).isEqualTo("2.3.4");
        assertThat(pom.value("version")).isEqualTo("2.3.4-999999-SNAPSHOT");
    }

    @ParameterizedTest
    @CsvSource({
        "groupId, io.jenkins.plugins",
        "artifactId, codex-auth",
        "parent/groupId, org.jenkins-ci.plugins",
        "properties/changelist, 999999-SNAPSHOT",
        "properties/hpi.strictBundledArtifacts, true",
        "properties/ban-commons-lang-2.skip, false",
        "properties/ban-deprecated-stapler.skip, false",
        "properties/ban-junit4-imports.skip, false",
        "properties/banObsoleteDependencyOverrides.skip, false",
    })
    void itsPomSaysWhatIsAskedFor(String element, String value) {
        assertThat(pom.value(element)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"developers", "properties/java.level", "properties/maven.compiler.release"})
    void itsPomDoesNotSayWhatIsKeptElsewhere(String element) {
        assertThat(pom.value(element)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        ".gitignore, target/",
        ".gitignore, work/",
        ".mvn/maven.config, -Dchangelist.format=%d.v%s",
        ".github/CODEOWNERS, * @jenkinsci/codex-auth-plugin-developers",
    })
    void aFileHasTheLineThatIsAskedFor(String file, String line) throws IOException {
        assertThat(Files.readAllLines(repository.resolve(file))).contains(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LICENSE",
                "README.md",
                ".github/renovate.json",
                ".github/workflows/cd.yml",
                ".github/workflows/jenkins-security-scan.yml",
                ".mvn/extensions.xml",
            })
    void aFileIsThere(String file) {
        assertThat(repository.resolve(file)).isRegularFile();
    }

    @Test
    void itsJenkinsfileIsOneCallWithPlatformsAndJavas() throws IOException {
        assertThat(Files.readString(repository.resolve("Jenkinsfile")).replaceAll("(?m)^//.*\n", ""))
                .matches(Pattern.compile("buildPlugin\\(.*configurations: \\[.*]\\s*\\)\\s*", Pattern.DOTALL))
                .contains("[platform: 'linux', jdk: 21]", "[platform: 'linux', jdk: 25]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"codex/package-lock.json", "docs/jenkins.md", "examples/jenkins/casc.yaml"})
    void itHasWhatTheTestsLookForAtTheTopOfTheRepository(String file) {
        assertThat(repository.resolve(file)).isRegularFile();
    }
}
