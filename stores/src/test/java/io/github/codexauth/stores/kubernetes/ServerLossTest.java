package io.github.codexauth.stores.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.LeaseTimes;
import io.github.codexauth.stores.remote.ServerLossContract;
import io.github.codexauth.stores.remote.ServerStore;
import io.github.codexauth.testing.RealKubernetes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A cluster that ends, hangs, or comes back with what it had some time ago. */
class ServerLossTest extends ServerLossContract {
    private @Nullable RealKubernetes cluster;

    @Override
    protected ServerStore start(LeaseTimes times) {
        cluster = RealKubernetes.start();
        String namespace = cluster.namespace();
        cluster.allowAll(namespace);
        return OnKubernetes.store(cluster, namespace, times);
    }

    @Override
    protected void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Override
    protected void down() {
        cluster.down();
    }

    @Override
    protected void up() {
        cluster.up();
    }

    @Override
    protected void fillDisk() {
        cluster.fillEtcd();
    }

    @Override
    protected void makeRoom() {
        cluster.makeRoom();
    }

    @Override
    protected String full() {
        return "the etcd of the cluster of ";
    }

    @Override
    protected Runnable backUp() {
        return cluster.backUp();
    }

    /** A server that has lost its disk answers, after a while, that it does not know; and the write is there later. */
    @Test
    void aSaveThatHangsIsUnknownAndIsFoundAgain() throws Exception {
        CredentialRecord first = Records.generation(ID, 1);
        CredentialRecord second = Records.generation(ID, 2);
        try (Lease lease = acquire()) {
            lease.save(Revision.NONE, first);
            cluster.pauseEtcd(true);
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> lease.save(Revision.of(first), second));
            cluster.pauseEtcd(false);

            await().atMost(PATIENCE).until(() -> {
                lease.save(Revision.of(first), second);
                return lease.load().equals(Optional.of(second));
            });
            assertThat(lease.loadPrevious()).contains(first);
        }
    }
}
