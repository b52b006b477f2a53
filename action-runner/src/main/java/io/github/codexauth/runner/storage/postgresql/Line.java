package io.github.codexauth.runner.storage.postgresql;

import io.github.codexauth.CredentialId;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.runner.storage.remote.Failure;
import io.github.codexauth.runner.storage.remote.Term;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The line of those who wait. First a place in it, then a look, so that nobody is missed; whoever is further back looks
 * less often, and between two looks there is no connection.
 */
final class Line {
    private static final Duration FIRST_LOOKS = Duration.ofMillis(500);
    private static final Duration EACH_PLACE_ADDS = Duration.ofMillis(250);
    private static final Duration LAST_LOOKS = Duration.ofSeconds(15);

    /** A place is kept for so many looks: one that nobody keeps holds up those behind. */
    private static final int LOOKS_MISSED = 3;

    /** Until it is known how far back a place is: one whose answer was lost is nobody's, and holds up those behind. */
    private static final Duration KEPT_AT_FIRST = Duration.ofSeconds(5);

    private static final Occupancy SOMEBODY =
            new Occupancy(new Holder("others in the line", Instant.EPOCH), Optional.empty());

    private final Database database;
    private final LeaseRows leases;
    private final Clock clock;

    Line(Database database, LeaseRows leases, Clock clock) {
        this.database = database;
        this.leases = leases;
        this.clock = clock;
    }

    /** A credential that has become ours, and for how long. */
    record Turn(LeaseRows.Ours ours, Term term) {}

    /** What one look has shown. */
    private record Look(Optional<LeaseRows.Ours> ours, Optional<LeaseRows.Seen> seen, long ticket, int before) {
        /** The looks of those who are next are frequent, and those of all others are rare. */
        Duration next() {
            return pause(before);
        }
    }

    private static Duration pause(int before) {
        Duration pause = FIRST_LOOKS.plus(EACH_PLACE_ADDS.multipliedBy(before));
        return pause.compareTo(LAST_LOOKS) < 0 ? pause : LAST_LOOKS;
    }

    Turn await(List<CredentialId> ids, Holder holder, Duration wait, BiConsumer<CredentialId, Occupancy> onBusy)
            throws StoreUnavailableException, CredentialBusyException, InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        String owner = PrivateFiles.randomHex(16);
        Optional<LeaseRows.Seen> told = Optional.empty();
        @Nullable Look look = null;
        try {
            while (true) {
                Term term = new Term(leases.times(), clock);
                Look before = look;
                try {
                    look = database.repeatedly(
                            "SELECT, INSERT and UPDATE on codex_auth.credential, and all on codex_auth.waiter",
                            connection -> look(connection, ids, holder, owner, before, !wait.isZero()));
                } catch (StoreUnavailableException silent) {
                    // Whoever stands in the line may outlast a restart of the server.
                    if (look == null || end - System.nanoTime() <= 0) {
                        throw silent;
                    }
                }
                if (look.ours().isPresent()) {
                    return new Turn(look.ours().get(), term);
                }
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw busy(look.seen().orElse(new LeaseRows.Seen(ids.get(0), SOMEBODY)));
                }
                if (look.seen().isPresent() && !look.seen().equals(told)) {
                    told = look.seen();
                    onBusy.accept(told.get().id(), told.get().occupancy());
                }
                sleep(look.next(), left);
            }
        } finally {
            if (look != null && look.ticket() != LeaseRows.NO_TICKET) {
                leave(look.ticket());
            }
        }
    }

    private static CredentialBusyException busy(LeaseRows.Seen seen) {
        return seen.occupancy().until().isPresent()
                ? CredentialBusyException.left(seen.id(), seen.occupancy())
                : new CredentialBusyException(seen.id(), seen.occupancy());
    }

    private Look look(
            Connection connection,
            List<CredentialId> ids,
            Holder holder,
            String owner,
            @Nullable Look last,
            boolean waits)
            throws SQLException {
        long ticket = last == null ? LeaseRows.NO_TICKET : last.ticket();
        int before = 0;
        if (ticket != LeaseRows.NO_TICKET) {
            Optional<Integer> place = leases.stay(connection, ticket, ids, kept(last));
            before = place.orElse(0);
            ticket = place.isPresent() ? ticket : leases.join(connection, ids, kept(last));
        }
        if (last == null && ids.size() == 1) {
            leases.make(connection, ids.get(0));
        }
        Optional<LeaseRows.Ours> ours = leases.acquire(connection, owner, holder, ids, ticket);
        if (ours.isEmpty() && waits && ticket == LeaseRows.NO_TICKET) {
            ticket = leases.join(connection, ids, KEPT_AT_FIRST);
            before = leases.stay(connection, ticket, ids, KEPT_AT_FIRST).orElse(0);
            leases.stay(connection, ticket, ids, kept(pause(before)));
            ours = leases.acquire(connection, owner, holder, ids, ticket);
        }
        Optional<LeaseRows.Seen> seen = ours.isPresent() ? Optional.empty() : leases.occupancy(connection, ids);
        return new Look(ours, seen, ticket, before);
    }

    private static Duration kept(@Nullable Look last) {
        return last == null ? KEPT_AT_FIRST : kept(last.next());
    }

    private static Duration kept(Duration untilTheNextLook) {
        return untilTheNextLook.multipliedBy(LOOKS_MISSED).plus(FIRST_LOOKS);
    }

    private static void sleep(Duration about, long nanosLeft) throws InterruptedException {
        long millis = about.toMillis();
        long pause = millis - millis / 5 + ThreadLocalRandom.current().nextLong(2 * millis / 5 + 1);
        Thread.sleep(Math.max(1, Math.min(pause, Duration.ofNanos(nanosLeft).toMillis())));
    }

    private void leave(long ticket) {
        try {
            database.once("DELETE on codex_auth.waiter", connection -> {
                leases.leave(connection, ticket);
                return true;
            });
        } catch (Failure later) {
            // A place that nobody keeps ends by itself.
            return;
        }
    }
}
