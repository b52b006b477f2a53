package io.github.codexauth.stores.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialStore;

/** Stores in a {@link VaultStandIn}, for benchmark/fleet. */
public final class StoresForBenchmarks {
    private StoresForBenchmarks() {}

    /** The store as a runner opens it. */
    public static CredentialStore open(VaultStandIn server) {
        return OnVault.store(server.port());
    }

    /** Stores a login again as {@code other.N}, for each number from {@code first} to before {@code end}. */
    public static void copy(VaultStandIn server, CredentialId id, int first, int end) {
        ObjectNode original = server.content("codex-auth/logins/" + id).orElseThrow();
        for (int number = first; number < end; number++) {
            server.put("codex-auth/logins/other." + number, original);
        }
    }
}
