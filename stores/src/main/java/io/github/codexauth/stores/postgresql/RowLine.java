package io.github.codexauth.stores.postgresql;

import io.github.codexauth.CredentialId;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.Line;
import io.github.codexauth.stores.remote.LookTimes;
import io.github.codexauth.stores.remote.OurLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The line of those who wait, as rows. First a place in it, then a look, so that nobody is missed; whoever is further
 * back looks less often. Between two looks there is no connection, but for those who are next where a bell rings.
 */
record RowLine(Database database, LeaseRows leases, Bell bell) implements Line {
    /** A place is kept for so many looks: one that nobody keeps holds up those behind. */
    private static final int LOOKS_MISSED = 3;

    private static final Duration SPARE = Duration.ofMillis(500);

    /** Until it is known how far back a place is: one whose answer was lost is nobody's, and holds up those behind. */
    private static final Duration KEPT_AT_FIRST = Duration.ofSeconds(5);

    @Override
    public Waiting enter(List<CredentialId> ids, Holder holder, Duration wait) {
        return new Customer(ids, holder, !wait.isZero());
    }

    @Override
    public int waiters(CredentialId id) throws StoreUnavailableException {
        return database.repeatedly("SELECT on codex_auth.waiter", connection -> leases.waiters(connection, id));
    }

    @Override
    public void ring(CredentialId id) {
        bell.ring(id);
    }

    /** One who waits. */
    private final class Customer implements Waiting {
        private final String owner = PrivateFiles.randomHex(16);
        private final List<CredentialId> ids;
        private final Holder holder;
        private final boolean waits;
        private final Listener listener = new Listener(bell);
        private Place place = Place.NONE;

        Customer(List<CredentialId> ids, Holder holder, boolean waits) {
            this.ids = ids;
            this.holder = holder;
            this.waits = waits;
        }

        @Override
        public boolean isInLine() {
            return place.isKnown();
        }

        @Override
        public Look look() throws StoreUnavailableException {
            Place before = place;
            Looked looked = database.repeatedly(
                    "SELECT, INSERT and UPDATE on codex_auth.credential, and all on codex_auth.waiter",
                    connection -> look(connection, before));
            place = looked.place();
            return looked.look();
        }

        private Looked look(Connection connection, Place last) throws SQLException {
            long ticket = last.ticket();
            int before = 0;
            if (ticket != LeaseRows.NO_TICKET) {
                Optional<Integer> kept = leases.stay(connection, ticket, ids, kept(last));
                before = kept.orElse(0);
                ticket = kept.isPresent() ? ticket : leases.join(connection, ids, kept(last));
            }
            if (!last.isKnown() && ids.size() == 1) {
                leases.make(connection, ids.get(0));
            }
            Optional<OurLease> ours = leases.acquire(connection, owner, holder, ids, ticket);
            if (ours.isEmpty() && waits && ticket == LeaseRows.NO_TICKET) {
                ticket = leases.join(connection, ids, KEPT_AT_FIRST);
                before = leases.stay(connection, ticket, ids, KEPT_AT_FIRST).orElse(0);
                leases.stay(connection, ticket, ids, kept(new Place(true, ticket, before)));
                ours = leases.acquire(connection, owner, holder, ids, ticket);
            }
            Optional<Busy> busy = ours.isPresent() ? Optional.empty() : leases.occupancy(connection, ids);
            // Whoever has got one has left the line.
            ticket = ours.isPresent() ? LeaseRows.NO_TICKET : ticket;
            return new Looked(new Look(ours, busy), new Place(true, ticket, before));
        }

        /** The looks of those who are next are frequent, and those of all others are rare. */
        private Duration pause(Place at) {
            return LookTimes.withoutBell(at.before(), ids.size());
        }

        private Duration kept(Place at) {
            return at.isKnown() ? pause(at).multipliedBy(LOOKS_MISSED).plus(SPARE) : KEPT_AT_FIRST;
        }

        @Override
        public void rest(Duration left) throws InterruptedException {
            long millis = pause(place).toMillis();
            long pause = millis - millis / 5 + ThreadLocalRandom.current().nextLong(2 * millis / 5 + 1);
            Duration rest = Duration.ofMillis(Math.max(1, Math.min(pause, left.toMillis())));
            if (place.ticket() != LeaseRows.NO_TICKET && place.before() < Bell.HEARERS) {
                listener.await(place.ticket(), rest);
            } else {
                listener.close();
                Thread.sleep(rest.toMillis());
            }
        }

        @Override
        public void leave() {
            listener.close();
            if (place.ticket() == LeaseRows.NO_TICKET) {
                return;
            }
            try {
                database.once("DELETE on codex_auth.waiter", connection -> {
                    leases.leave(connection, place.ticket());
                    return true;
                });
            } catch (Failure later) {
                // A place that nobody keeps ends by itself.
                return;
            }
        }
    }

    /** What a look has shown, and from where. */
    private record Looked(Line.Look look, Place place) {}

    /**
     * A place in the line.
     *
     * @param isKnown whether the server has answered once
     * @param before how many are before it
     */
    private record Place(boolean isKnown, long ticket, int before) {
        static final Place NONE = new Place(false, LeaseRows.NO_TICKET, 0);
    }
}
