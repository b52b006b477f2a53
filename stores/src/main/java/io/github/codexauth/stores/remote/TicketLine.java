package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.Tickets.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A line of tickets. First a ticket, then a look, so that nobody is missed; then whoever gives one back wakes the next.
 *
 * <p>Nobody has to prove that he still waits. Where the next does not come, those behind him do, one after the other,
 * and take his ticket away.
 */
public record TicketLine(SwappedLeases leases, WaitingLine line) implements Line {
    /** What was free for that long, one who is before us did not want. */
    private static final Duration EACH_HAS = Duration.ofSeconds(3);

    /** Whoever has more before him than these and the credentials gets none, whatever is free, and need not look. */
    private static final int MOST_PLACES = 5;

    @Override
    public Waiting enter(List<CredentialId> ids, Holder holder, Duration wait) {
        return new Customer(ids, holder, wait);
    }

    @Override
    public int waiters(CredentialId id) throws StoreUnavailableException {
        return line.tickets().before("", List.of(id)).size();
    }

    @Override
    public void ring(CredentialId id) {
        line.ring(id);
    }

    /** One who waits. */
    private final class Customer implements Waiting {
        private final String word = PrivateFiles.randomHex(16);
        private final Unchanged unchanged = new Unchanged(leases.times().term());
        private final Set<String> gone = new HashSet<>();
        private final List<CredentialId> ids;
        private final Holder holder;
        private final boolean waits;
        private final long end;
        private boolean inLine;
        private Optional<String> bell = Optional.empty();
        private Optional<CredentialId> alsoFree = Optional.empty();
        private int place;

        Customer(List<CredentialId> ids, Holder holder, Duration wait) {
            this.ids = ids;
            this.holder = holder;
            this.waits = !wait.isZero();
            this.end = System.nanoTime() + wait.toNanos();
        }

        @Override
        public boolean isInLine() {
            return inLine;
        }

        @Override
        public Look look() throws StoreUnavailableException, InterruptedException {
            // What cannot be heard, because the server is silent, was not heard either.
            bell = Optional.empty();
            if (inLine) {
                bell = line.bell();
            }
            Tickets tickets = line.tickets();
            Look look = look(tickets);
            if (look.ours().isPresent() || !waits || tickets.has(word)) {
                return look;
            }
            boolean first = !inLine;
            inLine = true;
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            line.join(word, ids, left);
            return first ? look() : look;
        }

        private Look look(Tickets tickets) throws StoreUnavailableException, InterruptedException {
            place = tickets.before(word, ids).size();
            if (tickets.has(word) && place >= ids.size() + MOST_PLACES) {
                return new Look(Optional.empty(), Optional.empty());
            }
            List<SeenLease> seen = leases.look(ids);
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
                        alsoFree = free.stream()
                                .map(another -> another.seen().id())
                                .filter(id -> !id.equals(one.seen().id()))
                                .findFirst();
                        if (!nobodyWaited) {
                            one.before().forEach(ticket -> gone.add(ticket.word()));
                        }
                        return new Look(ours, Optional.empty());
                    }
                }
            }
            Optional<Busy> busy = seen.stream()
                    .flatMap(one -> one.occupancy().stream().map(who -> new Busy(one.id(), who)))
                    .findFirst();
            return new Look(Optional.empty(), busy);
        }

        @Override
        public void rest(Duration left) throws InterruptedException {
            Duration most = LookTimes.shorter(LookTimes.withBell(place), left);
            line.awaitBell(word, bell, most, most.dividedBy(LookTimes.OFTENER_WITHOUT_BELL));
        }

        @Override
        public void leave() {
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
            // Of many that are given back at once only the first few are rung for those who take them.
            alsoFree.ifPresent(line::ring);
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
                .thenComparing(free -> free.seen().lease().expires().orElse(Instant.MIN), Comparator.reverseOrder())
                .thenComparing(free -> free.seen().id().value());

        boolean isLeftOver() {
            Duration free = Duration.between(seen.lease().freeFrom(), seen.now());
            return free.compareTo(EACH_HAS.multipliedBy(Math.min(before.size(), MOST_PLACES))) >= 0;
        }
    }
}
