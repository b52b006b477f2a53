package io.github.codexauth.runner.storage.vault;

import io.github.codexauth.runner.storage.remote.LeaseTimes;
import io.github.codexauth.runner.storage.remote.ServerLossContract;
import io.github.codexauth.runner.storage.remote.ServerStore;

/** A Vault that is sealed, as each one is that has started again, or comes back with what it had some time ago. */
class ServerLossTest extends ServerLossContract {
    private final VaultStandIn server = VaultStandIn.start();

    @Override
    protected ServerStore start(LeaseTimes times) {
        return OnVault.store(server.port(), times);
    }

    @Override
    protected void stop() {
        server.close();
    }

    @Override
    protected void down() {
        server.seal();
    }

    @Override
    protected void up() {
        server.unseal();
    }

    @Override
    protected BackUp backUp() {
        return server.backUp()::run;
    }
}
