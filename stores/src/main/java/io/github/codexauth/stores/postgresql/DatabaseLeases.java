package io.github.codexauth.stores.postgresql;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.HeldLease;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.LeaseTimes;
import io.github.codexauth.stores.remote.Leases;
import io.github.codexauth.stores.remote.OurLease;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Leases that each call finds by a connection of its own. When access tokens end stands beside the logins. */
record DatabaseLeases(Database database, LeaseRows rows) implements Leases {
    static final String UPDATE = "UPDATE on codex_auth.credential";
    static final String SELECT = "SELECT on codex_auth.credential";

    @Override
    public LeaseTimes times() {
        return rows.times();
    }

    @Override
    public Optional<HeldLease> look(CredentialId id) throws StoreUnavailableException {
        return database.repeatedly(SELECT, connection -> rows.look(connection, id));
    }

    @Override
    public boolean renew(OurLease ours, Optional<Instant> expires) throws Failure {
        return database.once(UPDATE, connection -> rows.renew(connection, ours));
    }

    @Override
    public boolean release(OurLease ours, Optional<Instant> expires) throws StoreUnavailableException {
        return database.repeatedly(UPDATE, connection -> rows.release(connection, ours));
    }

    @Override
    public boolean detach(OurLease ours, String claim, Duration time) throws StoreUnavailableException {
        return database.repeatedly(UPDATE, connection -> rows.detach(connection, ours, claim, time));
    }

    @Override
    public Optional<OurLease> resume(CredentialId id, String owner, String claim) throws StoreUnavailableException {
        return database.repeatedly(UPDATE, connection -> rows.resume(connection, id, owner, claim));
    }

    @Override
    public boolean end(CredentialId id, long epoch) throws StoreUnavailableException {
        AtomicBoolean sent = new AtomicBoolean();
        return database.repeatedly(UPDATE, connection -> {
            boolean isAgain = sent.getAndSet(true);
            return rows.end(connection, id, epoch) || isAgain && rows.isFree(connection, id, epoch + 1);
        });
    }
}
