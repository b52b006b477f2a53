package io.github.codexauth.runner.storage.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.runner.storage.remote.Tickets.Ticket;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Waiting for a credential. First a ticket, then a look, so that nobody is missed; then whoever gives one back wakes
 * the next.
 *
 * <p>Nobody has to prove that he still waits. Where the next does not come, those behind him do, one after the other,
 * and take his ticket away.
 */
public record Turns(LeaseTable leases, WaitingLine line, Clock clock) {
    /** What was free for that long, one who is before us did not want. */
    private static final Duration EACH_HAS = Duration.ofSeconds(3);

    /** Whoever has more before him than these and the credentials gets none, whatever is free, and need not look. */
    private static final int MOST_PLACES = 5;

    /** Between two looks: the bell is what wakes us, and a look what finds a holder that died. */
    private static final Duration FIRST_LOOKS = Duration.ofSeconds(2);

    private static final Duration EACH_PLACE_ADDS = Duration.ofSeconds(1);
    private static final Duration LAST_LOOKS = Duration.ofSeconds(15);
    private static final int OFTENER_WITHOUT_BELL = 4;

    private static final Occupancy SOMEBODY =
            new Occupancy(new Holder("others in the line", Instant.EPOCH), Optional.empty());

    /** A credential that has become ours, and for how long. */
    public record Turn(OurLease ours, Term term) {}

    /** Somebody who has a credential. */
    private record Busy(CredentialId id, Occupancy occupancy) {}

    /** What one look has shown. */
    private record Look(Optional<OurLease> ours, Optional<Busy> busy, int place, boolean hasTicket) {
        Duration pause() {
            Duration pause = FIRST_LOOKS.plus(EACH_PLACE_ADDS.multipliedBy(place));
            return pause.compareTo(LAST_LOOKS) < 0 ? pause : LAST_LOOKS;
        }
    }

    /**
     * Waits for a turn.
     *
     * @param wait how long; zero looks once
     * @param onBusy told who has one of them, when that changes
     * @throws CredentialBusyException if none became free in time
     */
    public Turn await(List<CredentialId> ids, Holder holder, Duration wait, BiConsumer<CredentialId, Occupancy> onBusy)
            throws StoreUnavailableException, CredentialBusyException, InterruptedException {
        return new Waiting(ids, holder, wait, onBusy).await();
    }

    /** One who waits. */
    private final class Waiting {
        private final String word = PrivateFiles.randomHex(16);
        private final Unchanged unchanged = new Unchanged(leases.times().term());
        private final Set<String> gone = new HashSet<>();
        private final List<CredentialId> ids;
        private final Holder holder;
        private final BiConsumer<CredentialId, Occupancy> onBusy;
        private final long end;
        private boolean inLine;

        Waiting(List<CredentialId> ids, Holder holder, Duration wait, BiConsumer<CredentialId, Occupancy> onBusy) {
            this.ids = ids;
            this.holder = holder;
            this.onBusy = onBusy;
            this.end = System.nanoTime() + wait.toNanos();
        }

        private Duration left() {
            return Duration.ofNanos(end - System.nanoTime());
        }

        Turn await() throws StoreUnavailableException, CredentialBusyException, InterruptedException {
            Optional<Busy> told = Optional.empty();
            try {
                while (true) {
                    Optional<String> bell = Optional.empty();
                    Term term = new Term(leases.times(), clock);
                    @Nullable Look look = null;
                    try {
                        bell = inLine ? line.bell() : bell;
                        look = look();
                    } catch (StoreUnavailableException silent) {
                        // Whoever stands in the line may outlast a restart of the server.
                        if (!inLine || left().isNegative()) {
                            throw silent;
                        }
                    }
                    if (look == null) {
                        line.awaitBell(word, Optional.empty(), FIRST_LOOKS, FIRST_LOOKS);
                        continue;
                    }
                    if (look.ours().isPresent()) {
                        return new Turn(look.ours().get(), term);
                    }
                    Duration left = left();
                    if (left.isNegative() || left.isZero()) {
                        throw busy(look.busy());
                    }
                    boolean first = !inLine;
                    if (!look.hasTicket()) {
                        inLine = true;
                        line.join(word, ids, left);
                    }
                    if (look.busy().isPresent() && !look.busy().equals(told)) {
                        told = look.busy();
                        onBusy.accept(told.get().id(), told.get().occupancy());
                    }
                    if (!first) {
                        Duration pause = look.pause().compareTo(left) < 0 ? look.pause() : left;
                        line.awaitBell(word, bell, pause, pause.dividedBy(OFTENER_WITHOUT_BELL));
                    }
                }
            } finally {
                leave();
            }
        }

        private CredentialBusyException busy(Optional<Busy> seen) {
            Busy busy = seen.orElse(new Busy(ids.get(0), SOMEBODY));
            return busy.occupancy().until().isPresent()
                    ? CredentialBusyException.left(busy.id(), busy.occupancy())
                    : new CredentialBusyException(busy.id(), busy.occupancy());
        }

        private Look look() throws StoreUnavailableException, InterruptedException {
            Tickets tickets = line.tickets();
            int place = tickets.before(word, ids).size();
            if (tickets.has(word) && place >= ids.size() + MOST_PLACES) {
                return new Look(Optional.empty(), Optional.empty(), place, true);
            }
            List<? extends SeenLease> seen = leases.look(ids);
            unchanged.see(seen);
            List<Free> free = seen.stream()
                    .filter(one -> one.isFree() || unchanged.hasEnded(one))
                    .map(one -> new Free(one, tickets.before(word, List.of(one.id()))))
                    .sorted(Free.BEST_FIRST)
                    .toList();
            for (Free one : free) {
                boolean nobodyWaited = one.before().isEmpty() || place < free.size();
                if (nobodyWaited || one.isLeftOver()) {
                    if (Thread.interrupted()) {
                        // Calls leave an interrupt for later, and whoever is interrupted must not get what he will not
                        // give back.
                        throw new InterruptedException();
                    }
                    Optional<OurLease> ours =
                            leases.acquire(one.seen().id(), word, holder, unchanged.ended(one.seen()));
                    if (ours.isPresent()) {
                        if (!nobodyWaited) {
                            one.before().forEach(ticket -> gone.add(ticket.word()));
                        }
                        return new Look(ours, Optional.empty(), place, tickets.has(word));
                    }
                }
            }
            Optional<Busy> busy = seen.stream()
                    .flatMap(one -> one.occupancy().stream().map(who -> new Busy(one.id(), who)))
                    .findFirst();
            return new Look(Optional.empty(), busy, place, tickets.has(word));
        }

        private void leave() {
            if (inLine) {
                gone.add(word);
            }
            if (gone.isEmpty()) {
                return;
            }
            try {
                line.leave(gone);
            } catch (StoreUnavailableException later) {
                // A ticket ends by itself, and those behind it do not wait for it.
                return;
            }
        }
    }

    /**
     * A credential that nobody has.
     *
     * @param before who would take it before us
     */
    private record Free(SeenLease seen, List<Ticket> before) {
        /** What fewest want; of these, the login whose access token lives longest. */
        static final Comparator<Free> BEST_FIRST = Comparator.<Free>comparingInt(
                        free -> free.before().size())
                .thenComparing(free -> free.seen().expires().orElse(Instant.MIN), Comparator.reverseOrder())
                .thenComparing(free -> free.seen().id().value());

        boolean isLeftOver() {
            Duration free = Duration.between(seen.freeFrom(), seen.now());
            return free.compareTo(EACH_HAS.multipliedBy(Math.min(before.size(), MOST_PLACES))) >= 0;
        }
    }
}
