package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.store.DetachableStore;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.HeldLease;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.SharedUseStore;
import io.github.codexauth.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What anybody may know of one credential.
 *
 * @param envelope empty if it is damaged, or was taken away just now
 * @param damage why it cannot be read
 * @param occupancy who has it
 * @param epoch which lease that is; empty if nobody has it, or the store does not number leases
 * @param users who shares it
 * @param waiters how many wait for it; empty if the store cannot tell
 * @param rescueCopies how many are on this machine
 * @param aside how many logins lie beside it in the store; empty if that cannot be seen
 */
record CredentialStatus(
        CredentialId id,
        Optional<Envelope> envelope,
        Optional<String> damage,
        Optional<Occupancy> occupancy,
        OptionalLong epoch,
        List<Holder> users,
        OptionalInt waiters,
        int rescueCopies,
        OptionalInt aside) {
    static CredentialStatus of(CredentialId id, Storage storage) throws CodexAuthException {
        int copies = storage.rescue().copies(id).size();
        Optional<Occupancy> occupancy = Optional.empty();
        OptionalLong epoch = OptionalLong.empty();
        try {
            if (storage.store() instanceof DetachableStore store) {
                Optional<HeldLease> lease = store.lease(id);
                occupancy = lease.map(HeldLease::occupancy);
                epoch = lease.stream().mapToLong(HeldLease::epoch).findFirst();
            } else {
                occupancy = storage.store().occupancy(id);
            }
            List<Holder> users = storage.store() instanceof SharedUseStore seen ? seen.users(id) : List.of();
            OptionalInt waiters = storage.store().waiters(id);
            return new CredentialStatus(
                    id,
                    storage.store().peek(id),
                    Optional.empty(),
                    occupancy,
                    epoch,
                    users,
                    waiters,
                    copies,
                    aside(id, storage));
        } catch (StoreException damaged) {
            return new CredentialStatus(
                    id,
                    Optional.empty(),
                    Optional.of(damaged.problem()),
                    occupancy,
                    epoch,
                    List.of(),
                    OptionalInt.empty(),
                    copies,
                    aside(id, storage));
        }
    }

    /** A store that shows the login and does not let us look beside it is no reason to call the login damaged. */
    private static OptionalInt aside(CredentialId id, Storage storage) {
        try {
            return OptionalInt.of(storage.rescue().inStore(id).size());
        } catch (StoreException unseen) {
            return OptionalInt.empty();
        }
    }

    /** Whether a job could start from it: it can be read, and is not known to need a new login. */
    boolean isHealthy() {
        return envelope.isPresent() && envelope.get().needsLogin().isEmpty();
    }
}
