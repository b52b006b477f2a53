package io.github.codexauth.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.SharedUseStore.Use;
import io.github.codexauth.testing.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who shares a credential of a store on a disk; killed ones are tried in the end-to-end tests. */
class HolderFilesTest {
    private static final CredentialId ID = new CredentialId("ci");
    private static final Instant START = Instant.parse("2026-11-01T10:00:00Z");

    @TempDir
    private Path temporary;

    @Test
    void nobodySharesACredentialThatNobodyHasUsed() throws Exception {
        assertThat(open().users(ID)).isEmpty();
    }

    @Test
    void everyUserIsSeenFromBeginningToEndLongestFirst() throws Exception {
        Holder one = new Holder("job 1", START);
        Holder two = new Holder("job 2", START.plusSeconds(1));
        FileCredentialStore store = open();
        Use second = store.use(ID, two);
        Use first = store.use(ID, one);

        assertThat(open().users(ID)).containsExactly(one, two);
        first.close();
        first.close();
        assertThat(open().users(ID)).containsExactly(two);
        second.close();
        assertThat(users()).isEmptyDirectory();
    }

    @Test
    void whatAKilledUserLeftIsRemovedByWhoeverLooks() throws Exception {
        FileCredentialStore store = open();
        store.use(ID, new Holder("job 1", START)).close();
        Files.writeString(users().resolve("0123456789abcdef.json"), "{\"holder\": \"a killed job\"}");

        assertThat(store.users(ID)).isEmpty();
        assertThat(users()).isEmptyDirectory();
    }

    @Test
    void itsFilesAreTheOwnersAlone() throws Exception {
        try (Use use = open().use(ID, new Holder("job 1", START))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(users())))
                    .isEqualTo("rwx------");
            try (var files = Files.list(users())) {
                assertThat(files)
                        .singleElement()
                        .satisfies(
                                file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                                        .isEqualTo("rw-------"));
            }
        }
    }

    private FileCredentialStore open() throws Exception {
        return FileCredentialStore.createIn(temporary.resolve("store"), new TestClock(START));
    }

    private Path users() {
        return temporary.resolve("store/credentials/ci/users");
    }
}
