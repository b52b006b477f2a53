package io.github.codexauth.runner.storage;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.codexauth.files.MountPoint;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerFoldersTest {
    private static final String ROOT = "600 500 0:50 / / rw,relatime - overlay overlay rw";
    private static final Path STORE = Path.of("/var/lib/codex-auth");

    @Test
    void aVolumeOfTheHostsDiskLasts() {
        assertThatCode(() -> requireLasting("700 600 8:1 /volumes/x/_data /var/lib/codex-auth rw - ext4 /dev/sda1 rw"))
                .doesNotThrowAnyException();
        assertThatCode(() ->
                        requireLasting("700 600 8:1 /volumes/x/_data /var/lib rw shared:1 master:2 - nfs4 host:/x rw"))
                .doesNotThrowAnyException();
    }

    @Test
    void withoutOneTheStoreWouldVanish() {
        assertThatThrownBy(() -> requireLasting("700 600 8:1 / /var/lib/codex-auth-2 rw - ext4 /dev/sda1 rw"))
                .hasMessageContaining("lies in the container itself");
    }

    @Test
    void memoryDoesNotLast() {
        assertThatThrownBy(() -> requireLasting("700 600 0:60 / /var/lib/codex-auth rw - tmpfs tmpfs rw"))
                .hasMessageContaining("lies in memory (tmpfs)");
    }

    @Test
    void aLaterMountHidesAnEarlierOne() {
        assertThatThrownBy(() -> requireLasting(
                        "700 600 8:1 / /var/lib/codex-auth rw - ext4 /dev/sda1 rw",
                        "701 700 0:60 / /var/lib/codex-auth rw - tmpfs tmpfs rw"))
                .hasMessageContaining("lies in memory");
    }

    @Test
    void aMountWithABlankInItsNameIsUnderstood() {
        assertThatCode(() -> ContainerFolders.requireLasting(
                        Path.of("/my store/codex"),
                        MountPoint.parse(List.of(ROOT, "700 600 8:1 / /my\\040store rw - ext4 /dev/sda1 rw"))))
                .doesNotThrowAnyException();
    }

    @Test
    void whatGitHubsRunnerMountsIsEmptiedByIt() {
        assertThatThrownBy(() -> ContainerFolders.requireLasting(
                        Path.of("/github/home"),
                        MountPoint.parse(List.of(ROOT, "700 600 8:1 / /github/home rw - ext4 /dev/sda1 rw"))))
                .hasMessageContaining("cleans up after every job");
    }

    private static void requireLasting(String... mounts) throws Exception {
        List<String> all = new java.util.ArrayList<>(List.of(ROOT));
        all.addAll(List.of(mounts));
        ContainerFolders.requireLasting(STORE, MountPoint.parse(all));
    }
}
