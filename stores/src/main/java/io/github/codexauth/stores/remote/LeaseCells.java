package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.StoreUnavailableException;
import java.util.List;
import java.util.Optional;

/**
 * Leases on a server that can do no more than put something in the place of what was read, if nobody came between.
 * Whoever judges one has to recognise his own work, since an answer may be lost and the lease be judged again.
 */
public interface LeaseCells {
    /** Judges a lease; one that nobody ever had is a fresh one. */
    @FunctionalInterface
    interface Judge<T> {
        Step<T> judge(SeenLease seen);
    }

    /**
     * What is to become of a lease.
     *
     * @param write empty for nothing
     * @param mayBeOld whether the answer may rest on a lease that was read late, where servers read late
     */
    record Step<T>(Optional<LeaseRecord> write, boolean mayBeOld, T answer) {
        /** Nothing; the answer may rest on an old lease. */
        static <T> Step<T> leave(T answer) {
            return new Step<>(Optional.empty(), true, answer);
        }

        /** Nothing; but the answer must not rest on an old lease. */
        static <T> Step<T> surely(T answer) {
            return new Step<>(Optional.empty(), false, answer);
        }

        static <T> Step<T> write(LeaseRecord next, T answer) {
            return new Step<>(Optional.of(next), false, answer);
        }
    }

    /** Changes a lease, again and again until it is done; gives up when a call is not answered. */
    <T> T changeOnce(CredentialId id, Judge<T> judge) throws Failure;

    /** Some leases as whoever answers knows them, in the order of their credentials. */
    List<SeenLease> look(List<CredentialId> ids) throws StoreUnavailableException;
}
