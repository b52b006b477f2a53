package io.github.codexauth.stores.vault;

import io.github.codexauth.stores.remote.LeaseTimes;
import io.github.codexauth.stores.remote.PlaintextRule;
import io.github.codexauth.stores.remote.ServerStore;
import io.github.codexauth.stores.remote.SwappedLeases;
import io.github.codexauth.stores.remote.SwappedLogins;
import io.github.codexauth.stores.remote.SwappedStrays;
import io.github.codexauth.stores.remote.TicketLine;
import java.time.Clock;

/** A store in a KV engine of Vault or OpenBao, for as many machines as reach the server. */
public final class VaultStore extends ServerStore {
    /** @param clock tells how long this machine slept; it ends no lease */
    VaultStore(VaultServer server, LeaseTimes times, Clock clock) {
        super(parts(server, times), clock);
    }

    private static Parts parts(VaultServer server, LeaseTimes times) {
        String address = server.address().toString();
        Entries entries = new Entries(server);
        SwappedLeases leases = new SwappedLeases(new LeaseEntries(entries), times);
        LoginEntries logins = new LoginEntries(entries, leases);
        return new Parts(
                address,
                leases,
                new SwappedLogins(logins, leases),
                new SwappedStrays(logins),
                new TicketLine(leases, new Line(entries)),
                PlaintextRule.needless(address));
    }
}
