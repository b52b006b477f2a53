package io.github.codexauth.stores.vault;

import io.github.codexauth.stores.remote.LeaseTimes;
import io.github.codexauth.stores.remote.ServerLossContract;
import io.github.codexauth.stores.remote.ServerStore;
import io.github.codexauth.stores.vault.VaultStandIn.Fault;

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
    protected void fillDisk() {
        server.fail(Integer.MAX_VALUE, call -> call.method().equals("POST"), Fault.before(500));
    }

    @Override
    protected void makeRoom() {
        server.fail(0, call -> false, Fault.before(500));
    }

    /** OpenBao answers so, and says why in its log. */
    @Override
    protected String full() {
        return "did not do what was asked (500)";
    }

    @Override
    protected Runnable backUp() {
        return server.backUp();
    }
}
