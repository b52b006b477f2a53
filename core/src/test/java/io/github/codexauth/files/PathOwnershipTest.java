package io.github.codexauth.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.codexauth.files.PathOwnership.Foreign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever rules a folder or a link on the way to a path can put something else there. */
class PathOwnershipTest {
    private static final int STRANGER = 12345;

    @TempDir
    private Path folder;

    private Path store;

    @BeforeEach
    void aFolderBelowOthers() throws IOException {
        store = Files.createDirectories(folder.resolve("a/b/store"));
        mode("rwxr-xr-x", folder.resolve("a"), folder.resolve("a/b"), store);
    }

    @Test
    void aPathOfRootsAndOursIsSafeAlsoBelowAStickyFolder() throws IOException {
        assertThat(look(store)).isEmpty();
        assertThat(look(store.resolve("not/there/yet"))).isEmpty();
    }

    @Test
    void aFolderThatOthersCanWriteIsNamedWhereverItStands() throws IOException {
        mode("rwxrwxrwx", folder.resolve("a"));

        assertThat(look(store)).hasValueSatisfying(foreign -> {
            assertThat(foreign.problem()).isEqualTo(folder.resolve("a") + " can be written by others");
            assertThat(foreign.hint()).isEqualTo("close it: chmod go-w " + folder.resolve("a"));
        });
    }

    @Test
    void theFolderItselfCountsToo() throws IOException {
        mode("rwxrwxrwx", store);

        assertThat(look(store)).map(Foreign::place).contains(store);
    }

    @Test
    void aStickyFolderIsSafeForWhatIsThereAndNotForWhatAnybodyCouldMakeThere() throws IOException {
        Files.setAttribute(folder.resolve("a"), "unix:mode", 01777);

        assertThat(look(store)).isEmpty();
        assertThat(look(folder.resolve("a/new/homes")))
                .map(Foreign::problem)
                .contains(folder.resolve("a/new") + " is not there yet, and can be made by everybody");
    }

    @Test
    void everyLinkOfAChainIsWalkedAlsoOneInTheMiddle() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.createSymbolicLink(open.resolve("middle"), store);
        Files.createSymbolicLink(folder.resolve("first"), Path.of("a/../open/middle"));
        assertThat(look(folder.resolve("first"))).isEmpty();

        mode("rwxrwxrwx", open);

        assertThat(look(folder.resolve("first"))).map(Foreign::place).contains(open);
        assertThat(look(folder.resolve("first/below"))).map(Foreign::place).contains(open);
    }

    @Test
    void linksWithoutEndAreAnErrorAndNoEndlessWalk() throws IOException {
        Files.createSymbolicLink(folder.resolve("x"), folder.resolve("y"));
        Files.createSymbolicLink(folder.resolve("y"), folder.resolve("x"));

        assertThatThrownBy(() -> look(folder.resolve("x")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too many symbolic links");
    }

    @Test
    void anotherUsersFolderLinkOrFileIsNamed() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: only root can give files away");
        Path file = Files.createFile(store.resolve("file"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), store);
        for (Path strangers : new Path[] {file, link, store, folder.resolve("a")}) {
            Files.setAttribute(strangers, "unix:uid", STRANGER, java.nio.file.LinkOption.NOFOLLOW_LINKS);

            assertThat(look(link.resolve("file"))).hasValueSatisfying(foreign -> {
                assertThat(foreign.problem()).isEqualTo(strangers + " belongs to another user (uid 12345)");
                assertThat(foreign.hint()).isEqualTo("give it to root: chown root " + strangers);
            });
            Files.setAttribute(strangers, "unix:uid", 0, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        }
    }

    @Test
    void rootsGroupIsNobodysOwn() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: for root alone");
        mode("rwxrwxr-x", folder.resolve("a"));

        assertThat(look(store)).map(Foreign::place).contains(folder.resolve("a"));
    }

    @Test
    void aRecordThatOthersCanWriteIsNotReadAndNeitherIsAnotherUsersNorAPipe() throws Exception {
        Path file = Files.writeString(store.resolve("record.json"), "{}");
        mode("rw-------", file);
        assertThat(PrivateFiles.readOwn(file, 10)).isPresent();
        assertThat(PrivateFiles.readOwn(store.resolve("none"), 10)).isEmpty();

        mode("rw-rw-rw-", file);
        assertThatThrownBy(() -> PrivateFiles.readOwn(file, 10))
                .isInstanceOf(ForeignFileException.class)
                .hasMessageContaining("can be written by others");

        Path pipe = store.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> PrivateFiles.readOwn(pipe, 10)).hasMessageContaining("it is not a regular file");

        if (Optional.of(0).equals(PathOwnership.currentUser())) {
            mode("rw-------", file);
            Files.setAttribute(file, "unix:uid", STRANGER);
            assertThatThrownBy(() -> PrivateFiles.readOwn(file, 10))
                    .hasMessageContaining("belongs to another user (uid 12345)");
        }
    }

    private static Optional<Foreign> look(Path path) throws IOException {
        return PathOwnership.ofCurrentUser().onTheWayTo(path);
    }

    private static void mode(String permissions, Path... paths) throws IOException {
        for (Path path : paths) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }
}
