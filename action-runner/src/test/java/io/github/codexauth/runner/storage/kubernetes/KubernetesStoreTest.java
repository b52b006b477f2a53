package io.github.codexauth.runner.storage.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.DetachableStoreContract;
import io.github.codexauth.store.SaveResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;

/** The store on a real kube-apiserver; {@link LostAnswersTest} cuts the way to it, {@link ServerLossTest} ends it. */
class KubernetesStoreTest extends DetachableStoreContract {
    private static RealKubernetes cluster;

    private @Nullable String namespace;

    @BeforeAll
    static void startServer() {
        cluster = RealKubernetes.shared();
    }

    private String namespace() {
        if (namespace == null) {
            namespace = cluster.namespace();
            cluster.allowAll(namespace);
        }
        return namespace;
    }

    @Override
    protected KubernetesStore open() {
        return OnKubernetes.store(cluster, namespace());
    }

    @Override
    protected int longestPayload() {
        return 240 * 1024;
    }

    @Override
    protected void damageCurrent(CredentialId id) {
        String path = RealKubernetes.secrets(namespace()) + "/" + new Names("codex-auth").of(id);
        JsonNode secret = cluster.get(path);
        byte[] record = Base64.getDecoder().decode(secret.at("/data/current").asText());
        ((ObjectNode) secret.path("data")).put("current", Arrays.copyOf(record, record.length / 2));
        cluster.put(path, secret);
    }

    @Override
    protected void letPass(Duration time) {
        cluster.letPass(namespace(), time);
    }

    @Override
    protected Instant now() {
        return Instant.now();
    }

    @Override
    protected SaveResult afterItsLease() {
        return SaveResult.SAVED_LATE;
    }
}
