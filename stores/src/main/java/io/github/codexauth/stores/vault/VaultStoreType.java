package io.github.codexauth.stores.vault;

import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.stores.NamedStore;
import io.github.codexauth.stores.OpenedStore;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.PreparedStore;
import io.github.codexauth.stores.StoreType;
import io.github.codexauth.stores.remote.LeaseTimes;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Stores in Vault or OpenBao: {@code vault://mount/prefix}. */
public final class VaultStoreType implements StoreType {
    @Override
    public String scheme() {
        return "vault";
    }

    @Override
    public String example() {
        return "'" + VaultAddress.EXAMPLE + "'";
    }

    @Override
    public NamedStore at(String rest, PasswordSource password) throws UsageException {
        return new Named(VaultAddress.parse(rest), password);
    }

    /** @param shown what we show to the server, for what is no file */
    private record Named(VaultAddress address, PasswordSource shown) implements PreparedStore {
        @Override
        public Optional<Path> folder() {
            return Optional.empty();
        }

        @Override
        public List<Path> secretFiles() {
            return address.signIn().file().stream().toList();
        }

        @Override
        public OpenedStore open(Clock clock) throws StoreException {
            VaultServer server = server();
            new Place(server).requireSafe();
            return new OpenedStore(new VaultStore(server, LeaseTimes.USUAL, clock), Optional.empty(), List.of(), true);
        }

        private VaultServer server() {
            return new VaultServer(address, shown);
        }

        @Override
        public List<String> prepare(Optional<String> policy, List<CredentialId> ids)
                throws StoreException, UsageException {
            return new Place(server()).prepare(policy, ids);
        }

        @Override
        public List<Weakness> weaknesses() throws StoreException {
            return new Place(server()).weaknesses();
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }
}
