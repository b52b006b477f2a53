package io.github.codexauth.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.codexauth.files.PathOwnership;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home that is lent to another user, and comes back. */
class TenantTest {
    private static final Tenant STRANGER = new Tenant(12345, 12346);

    @TempDir
    private Path folder;

    private CodexHome home;

    @BeforeEach
    void aHome() throws HomeException {
        assumeTrue(PathOwnership.currentUser().equals(Optional.of(0)), "only root may give files away");
        home = CodexHome.create(folder.resolve("homes/codex-ci/session/home"));
        home.restore("{}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theTenantHasAllOfItAndPassesThroughWhatIsAbove() throws Exception {
        STRANGER.moveInto(home.folder());

        assertThat(owner(home.folder())).isEqualTo(12345);
        assertThat(owner(home.authJson())).isEqualTo(12345);
        assertThat(Files.getAttribute(home.authJson(), "unix:gid")).isEqualTo(12346);
        for (String above : new String[] {"homes", "homes/codex-ci", "homes/codex-ci/session"}) {
            assertThat(permissions(folder.resolve(above))).isEqualTo("rwx-----x");
        }
        assertThat(home.readAuthJson())
                .hasValueSatisfying(bytes -> assertThat(bytes).hasSize(2));
        assertThat(STRANGER.mayRead(home.authJson())).isTrue();
    }

    @Test
    void theTenantReceivesAFileOfAFolderThatStaysOurs() throws Exception {
        STRANGER.receive(home.authJson());

        assertThat(owner(home.authJson())).isEqualTo(12345);
        assertThat(owner(home.folder())).isZero();
        assertThat(permissions(home.folder())).isEqualTo("rwx-----x");
        assertThat(STRANGER.mayRead(home.authJson())).isTrue();
    }

    @Test
    void whatComesBackIsOursAloneAlsoWhatTheTenantHasMade() throws Exception {
        STRANGER.moveInto(home.folder());
        Path deep = Files.createDirectories(home.folder().resolve("sessions/2026"));
        Files.writeString(deep.resolve("log"), "x");
        for (Path path : new Path[] {deep.resolve("log"), deep, deep.getParent()}) {
            Files.setAttribute(path, "unix:uid", 12345);
        }
        Files.setPosixFilePermissions(deep, PosixFilePermissions.fromString("rwxrwxrwx"));

        home.moveOut();

        assertThat(owner(home.folder())).isZero();
        assertThat(owner(deep.resolve("log"))).isZero();
        assertThat(permissions(home.folder())).isEqualTo("rwx------");
        assertThat(permissions(deep)).isEqualTo("rwx------");
        assertThat(home.unreadableLogin()).isEmpty();
    }

    @Test
    void aLinkOfTheTenantIsNeitherFollowedNorKept() throws Exception {
        Path secret =
                Files.writeString(folder.resolve("secret"), "{\"tokens\":{\"refresh_token\":\"rt_of_somebody\"}}");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        STRANGER.moveInto(home.folder());
        Files.delete(home.authJson());
        Files.createSymbolicLink(home.authJson(), secret);
        Files.setAttribute(home.authJson(), "unix:uid", 12345, LinkOption.NOFOLLOW_LINKS);

        assertThat(home.readAuthJson()).isEmpty();
        home.moveOut();

        assertThat(home.authJson()).doesNotExist();
        assertThat(home.candidates()).isEmpty();
        assertThat(secret).exists();
        assertThat(STRANGER.mayRead(secret)).isFalse();
    }

    @Test
    void aHomeOfOursIsLeftAsItIs() throws Exception {
        Files.createSymbolicLink(home.folder().resolve("link"), folder);

        home.moveOut();

        assertThat(home.folder().resolve("link")).isSymbolicLink();
    }

    private static Integer owner(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
