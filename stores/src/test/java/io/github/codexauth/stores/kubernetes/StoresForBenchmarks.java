package io.github.codexauth.stores.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.testing.RealKubernetes;
import java.util.stream.IntStream;

/** Stores in a {@link RealKubernetes}, for benchmark/fleet. */
public final class StoresForBenchmarks {
    private StoresForBenchmarks() {}

    /** The store as a runner opens it. */
    public static CredentialStore open(RealKubernetes cluster, String namespace) {
        return OnKubernetes.store(cluster, namespace);
    }

    /** Stores a login again as {@code other.N}, for each number from {@code first} to before {@code end}. */
    public static void copy(RealKubernetes cluster, String namespace, CredentialId id, int first, int end) {
        String secrets = RealKubernetes.secrets(namespace);
        Names names = new Names("codex-auth");
        ObjectNode original = (ObjectNode) cluster.get(secrets + "/" + names.of(id));
        IntStream.range(first, end).parallel().forEach(number -> {
            ObjectNode copy = original.deepCopy();
            copy.set("metadata", copy.objectNode().put("name", names.of(new CredentialId("other." + number))));
            cluster.post(secrets, copy.toString());
        });
    }
}
