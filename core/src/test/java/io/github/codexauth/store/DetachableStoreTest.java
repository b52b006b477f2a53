package io.github.codexauth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.file.FileCredentialStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Work that leaves a lease to another process is refused by a store in which that is not possible. */
class DetachableStoreTest {
    @TempDir
    private Path folder;

    @Test
    void theStoreOnADiskIsOne() throws Exception {
        FileCredentialStore store = FileCredentialStore.createIn(folder.resolve("store"), Clock.systemUTC());

        assertThat(DetachableStore.of(store)).isSameAs(store);
    }

    @Test
    void aStoreThatIsNoneIsRefusedWithWhatToTypeInstead() {
        assertThatExceptionOfType(NotDetachableException.class)
                .isThrownBy(() -> DetachableStore.of(new Attached()))
                .satisfies(refused -> {
                    assertThat(refused.problem())
                            .isEqualTo("the store memory: frees a credential when the process that has it ends,"
                                    + " so none can be left to a later step");
                    assertThat(refused.hint())
                            .isEqualTo("use codex-auth run -- COMMAND in the place of restore and persist,"
                                    + " or --store file:/FOLDER");
                });
    }

    /** An empty store whose leases end with their processes. */
    private static final class Attached implements CredentialStore {
        @Override
        public String address() {
            return "memory:";
        }

        @Override
        public Lease acquire(CredentialId id, Holder holder, Duration wait, Consumer<Occupancy> onBusy)
                throws StoreException {
            throw new StoreUnavailableException("nothing can be stored here", "use another store");
        }

        @Override
        public List<CredentialId> list() {
            return List.of();
        }

        @Override
        public Optional<Envelope> peek(CredentialId id) {
            return Optional.empty();
        }

        @Override
        public Optional<Occupancy> occupancy(CredentialId id) {
            return Optional.empty();
        }
    }
}
