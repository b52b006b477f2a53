package io.github.codexauth.stores;

import io.github.codexauth.UsageException;
import io.github.codexauth.stores.kubernetes.KubernetesStoreType;
import io.github.codexauth.stores.postgresql.PostgresqlStoreType;
import io.github.codexauth.stores.vault.VaultStoreType;
import java.util.List;
import java.util.Optional;

/** The kinds of stores on servers that there are. A new one is a package beside {@code vault}, and a line here. */
public final class ServerStoreTypes {
    private static final List<StoreType> ALL =
            List.of(new PostgresqlStoreType(), new KubernetesStoreType(), new VaultStoreType());

    private ServerStoreTypes() {}

    /** An address of each kind that a user could type, for hints. */
    public static List<String> examples() {
        return ALL.stream().map(StoreType::example).toList();
    }

    /**
     * The store that an address names. Nothing is opened.
     *
     * @param password for a store that asks for one
     * @return empty if no kind of store has such addresses
     * @throws UsageException if the address names no store of its kind; the message does not quote it
     */
    public static Optional<NamedStore> at(String address, PasswordSource password) throws UsageException {
        for (StoreType type : ALL) {
            if (type.has(address)) {
                return Optional.of(type.at(type.rest(address), password));
            }
        }
        return Optional.empty();
    }
}
