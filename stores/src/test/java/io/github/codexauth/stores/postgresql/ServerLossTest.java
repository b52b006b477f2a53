package io.github.codexauth.stores.postgresql;

import io.github.codexauth.stores.remote.LeaseTimes;
import io.github.codexauth.stores.remote.ServerLossContract;
import io.github.codexauth.stores.remote.ServerStore;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL that ends, or comes back with what it had some time ago. */
class ServerLossTest extends ServerLossContract {
    private @Nullable RealPostgresql server;

    @Override
    protected ServerStore start(LeaseTimes times) throws Exception {
        server = RealPostgresql.onDiskOf(160);
        OnPostgresql.prepare(server);
        return OnPostgresql.store(server.port(), times);
    }

    @Override
    protected void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected void down() {
        server.down();
    }

    @Override
    protected void up() {
        server.up();
    }

    @Override
    protected void fillDisk() throws Exception {
        server.fillDisk();
    }

    @Override
    protected void makeRoom() throws Exception {
        server.makeRoom();
    }

    @Override
    protected String full() {
        return "the disk of the PostgreSQL server of ";
    }

    @Override
    protected Runnable backUp() {
        return server.backUp();
    }
}
