package io.github.codexauth.stores.kubernetes;

import io.github.codexauth.stores.remote.LeaseTimes;
import io.github.codexauth.stores.remote.PlaintextRule;
import io.github.codexauth.stores.remote.ServerStore;
import io.github.codexauth.stores.remote.SwappedLeases;
import io.github.codexauth.stores.remote.SwappedLogins;
import io.github.codexauth.stores.remote.SwappedStrays;
import io.github.codexauth.stores.remote.TicketLine;
import java.time.Clock;

/** A store in the Secrets and Leases of a namespace, for as many machines as reach the cluster. */
public final class KubernetesStore extends ServerStore {
    /** @param clock tells how long this machine slept; it ends no lease */
    KubernetesStore(ApiServer server, LeaseTimes times, Clock clock) {
        super(parts(server, times), clock);
    }

    private static Parts parts(ApiServer server, LeaseTimes times) {
        ClusterAddress address = server.address();
        LeaseObjects objects = new LeaseObjects(server);
        SwappedLeases leases = new SwappedLeases(objects, times);
        LoginSecrets logins = new LoginSecrets(server, objects);
        return new Parts(
                address.toString(),
                leases,
                new SwappedLogins(logins, leases),
                new SwappedStrays(logins),
                new TicketLine(leases, new Line(objects.objects(), objects.names())),
                new PlaintextRule(
                        address.toString(), "the cluster's Secrets, or a back-up of its etcd,", address.plaintext()));
    }
}
