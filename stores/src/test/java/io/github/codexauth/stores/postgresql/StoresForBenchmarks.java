package io.github.codexauth.stores.postgresql;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.QueueingStore;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Stores in a {@link RealPostgresql}, for benchmark/fleet. */
public final class StoresForBenchmarks {
    private StoresForBenchmarks() {}

    /** Makes the tables. */
    public static void prepare(RealPostgresql server) throws Exception {
        OnPostgresql.prepare(server);
    }

    /** The store as a runner opens it. */
    public static QueueingStore open(RealPostgresql server) {
        return OnPostgresql.store(server);
    }

    /** The store as a runner opens it whose address says {@code notify=on}. */
    public static QueueingStore openRinging(RealPostgresql server) {
        return OnPostgresql.ringing(server.port());
    }

    /** Stores a login under each name. */
    public static void fill(RealPostgresql server, List<CredentialId> ids) throws Exception {
        for (CredentialId id : ids) {
            try (Lease lease =
                    open(server).acquire(id, new Holder("benchmark", Instant.now()), Duration.ZERO, busy -> {})) {
                lease.save(Revision.NONE, Records.generation(id, 1));
            }
        }
    }
}
