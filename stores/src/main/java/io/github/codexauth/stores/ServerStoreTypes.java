package io.github.codexauth.stores;

import io.github.codexauth.stores.kubernetes.KubernetesStoreType;
import io.github.codexauth.stores.postgresql.PostgresqlStoreType;
import io.github.codexauth.stores.vault.VaultStoreType;
import java.util.List;

/** The kinds of stores on servers that there are. A new one is a package beside {@code vault}, and a line here. */
public final class ServerStoreTypes {
    public static final List<StoreType> ALL =
            List.of(new PostgresqlStoreType(), new KubernetesStoreType(), new VaultStoreType());

    private ServerStoreTypes() {}
}
