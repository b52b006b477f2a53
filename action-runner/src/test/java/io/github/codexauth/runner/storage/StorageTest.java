package io.github.codexauth.runner.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.file.FileCredentialStore;
import io.github.codexauth.stores.NamedStore;
import io.github.codexauth.stores.OpenedStore;
import io.github.codexauth.stores.PasswordSource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a machine keeps beside a store, on a disk of its own and elsewhere. */
class StorageTest {
    /** A folder of a test lies where others may write, as a container's volume does. */
    private static final OwnFolders ANY = OwnFolders.of(Map.of("CODEX_AUTH_IMAGE", "1"));

    @TempDir
    private Path folder;

    @Test
    void homesAreMadeOnTheDiskOfTheStoreAndRescueCopiesAreNot() throws Exception {
        StateFolder state = new StateFolder(folder.resolve("state"));
        Path disk = FileCredentialStore.createIn(folder.resolve("store"), Clock.systemUTC())
                .folder();

        Storage storage = Storage.open(
                StoreTypes.at(Optional.of("file:" + disk), state.folder(), PasswordSource.NONE),
                state,
                ANY,
                Clock.systemUTC());

        assertThat(storage.homes()).isEqualTo(disk.resolve("homes"));
        assertThat(storage.privateFolders()).containsExactly(disk, state.rescue());
        assertThat(storage.secretPlaces()).hasSize(3);
    }

    @Test
    void aStoreElsewhereHasItsHomesInTheStateFolder() throws Exception {
        StateFolder state = new StateFolder(folder.resolve("state"));

        Storage storage = Storage.open(new Elsewhere(folder.resolve("elsewhere")), state, ANY, Clock.systemUTC());

        assertThat(storage.homes()).isEqualTo(state.folder().resolve("homes"));
        assertThat(storage.privateFolders()).containsExactly(state.folder(), state.rescue());
        assertThat(storage.secretPlaces()).hasSize(2);
    }

    /** A store that does not say on which disk it lies. */
    private record Elsewhere(Path place) implements NamedStore {
        @Override
        public Optional<Path> folder() {
            return Optional.empty();
        }

        @Override
        public OpenedStore open(Clock clock) throws StoreException {
            return new OpenedStore(FileCredentialStore.createIn(place, clock), Optional.empty(), List.of());
        }
    }
}
