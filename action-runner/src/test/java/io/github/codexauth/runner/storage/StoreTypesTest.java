package io.github.codexauth.runner.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.codexauth.UsageException;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.NamedStore;
import io.github.codexauth.stores.OpenedStore;
import io.github.codexauth.stores.PasswordSource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreTypesTest {
    @TempDir
    private Path folder;

    @Test
    void whoNamesNoStoreGetsOneInTheStateFolderThatIsMadeWhenItIsNeeded() throws Exception {
        Path state = folder.resolve("state");

        NamedStore named = StoreTypes.at(Optional.empty(), state, PasswordSource.NONE);

        assertThat(named.folder()).contains(state);
        assertThat(state).doesNotExist();
        OpenedStore opened = named.open(Clock.systemUTC());
        assertThat(opened.folder()).contains(state.toRealPath());
        assertThat(opened.store().list()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:", "file://"})
    void aFolderThatIsNamedHasToExist(String scheme) throws Exception {
        Path missing = folder.resolve("missing");

        NamedStore named = StoreTypes.at(Optional.of(scheme + missing), folder, PasswordSource.NONE);

        assertThat(named.folder()).contains(missing);
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> named.open(Clock.systemUTC()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql://user:topsecret@db/codex", "topsecret", "file", "FILE:/topsecret"})
    void aKindOfStoreThatIsNotKnownIsAnsweredWithoutItsAddress(String address) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> StoreTypes.at(Optional.of(address), folder, PasswordSource.NONE))
                .satisfies(e -> {
                    assertThat(e.problem()).isEqualTo("--store names a kind of store that this version does not have");
                    assertThat(e.hint()).contains(": --store file:/var/lib/codex-auth");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:topsecret", "file://host/topsecret", "file:"})
    void aFolderIsNamedByItsWholePath(String address) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> StoreTypes.at(Optional.of(address), folder, PasswordSource.NONE))
                .satisfies(e -> assertThat(e.problem()).isEqualTo("--store file: needs the absolute path of a folder"));
    }
}
