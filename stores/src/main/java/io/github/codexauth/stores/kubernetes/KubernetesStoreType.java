package io.github.codexauth.stores.kubernetes;

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

/** Stores in a Kubernetes cluster: {@code k8s://namespace/prefix}. */
public final class KubernetesStoreType implements StoreType {
    @Override
    public String scheme() {
        return "k8s";
    }

    @Override
    public String example() {
        return ClusterAddress.EXAMPLE;
    }

    @Override
    public NamedStore at(String rest, PasswordSource password) throws UsageException {
        return new Named(ClusterAddress.parse(rest), password);
    }

    /** @param token for one that is no file */
    private record Named(ClusterAddress address, PasswordSource token) implements PreparedStore {
        @Override
        public Optional<Path> folder() {
            return Optional.empty();
        }

        @Override
        public List<Path> secretFiles() {
            return address.token().stream().toList();
        }

        @Override
        public OpenedStore open(Clock clock) throws StoreException {
            return new OpenedStore(new KubernetesStore(server(), LeaseTimes.USUAL, clock), Optional.empty(), List.of());
        }

        private ApiServer server() {
            return new ApiServer(address, new Token(address.token(), token));
        }

        @Override
        public List<String> prepare(Optional<String> role, List<CredentialId> ids)
                throws StoreException, UsageException {
            return new Place(server()).prepare(role, ids);
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
