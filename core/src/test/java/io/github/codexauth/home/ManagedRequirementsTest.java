package io.github.codexauth.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagedRequirementsTest {
    private static final ManagedRequirements IMAGE = ManagedRequirements.parse("""
            [permissions.filesystem]
            deny_read = ["/s/credentials", "/s/homes/**/auth.json", "/run/secrets"]
            """, "");

    @Test
    void aHomeWhoseLoginIsDeniedByAPatternIsNotDeniedAgain() {
        assertThat(IMAGE.concern(Path.of("/s/homes/ci/1/home"))).isTrue();
    }

    @Test
    void aFolderAroundSomethingDeniedIsNotDeniedAsAWhole() {
        assertThat(IMAGE.concern(Path.of("/s"))).isTrue();
    }

    @Test
    void whatLiesInADeniedFolderIsDenied() {
        assertThat(IMAGE.concern(Path.of("/run/secrets/openai"))).isTrue();
    }

    @Test
    void everythingElseIsNoConcern() {
        assertThat(IMAGE.concern(Path.of("/home/ci/scratch/1"))).isFalse();
        assertThat(IMAGE.concern(Path.of("/run/secrets-of-others"))).isFalse();
        assertThat(ManagedRequirements.parse("[permissions.filesystem]\ndeny_read = [\"/**/*.pem\"]", "")
                        .concern(Path.of("/s/homes/ci/1/home")))
                .isFalse();
    }

    @Test
    void aFileThatIsNoTomlRequiresNothing() {
        assertThat(ManagedRequirements.parse("deny_read = [", "").concern(Path.of("/s")))
                .isFalse();
        assertThat(ManagedRequirements.read(Path.of("/does/not/exist")).concern(Path.of("/s")))
                .isFalse();
    }

    /** As Kubernetes mounts them. */
    @Test
    void filesBehindLinksAreRead(@TempDir Path folder) throws IOException {
        Path data = Files.createDirectory(folder.resolve("..data"));
        Files.writeString(data.resolve("requirements.toml"), "permissions.filesystem.deny_read = [\"/s\"]");
        Files.createSymbolicLink(folder.resolve("requirements.toml"), Path.of("..data/requirements.toml"));

        assertThat(ManagedRequirements.read(folder).deny(Path.of("/s/homes/ci/1/home/auth.json")))
                .isTrue();
    }
}
