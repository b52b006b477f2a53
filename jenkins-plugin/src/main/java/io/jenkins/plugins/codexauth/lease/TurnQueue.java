package io.jenkins.plugins.codexauth.lease;

import io.github.codexauth.CredentialId;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.store.file.CredentialFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Those who want one login: the one who has it, and the others in the order in which they came.
 *
 * <ol>
 *   <li>Every change is written to {@code lease.json} beside the login before anybody is told of it.
 *   <li>After a restart the file is read back. Turns in it belong to builds that may or may not go on; they keep their
 *       places until they are taken up again, or their builds turn out to have ended.
 *   <li>Only the first in line can be granted, and only when nobody has the login: the holder released it or the
 *       holder's build ended. Turns that are {@linkplain OfferListener offered} are passed over; one of these is taken
 *       when nobody comes before it who can be granted.
 * </ol>
 */
final class TurnQueue {
    private static final Logger LOGGER = Logger.getLogger(TurnQueue.class.getName());

    private final CredentialFiles files;
    private final Owners owners;
    private final Executor executor;
    private final List<Waiting> waiting = new ArrayList<>();
    private @Nullable Turn held;

    private record Waiting(Turn turn, @Nullable TurnListener listener) {
        boolean isOffered() {
            return listener instanceof OfferListener;
        }
    }

    TurnQueue(CredentialFiles files, Owners owners, Executor executor) {
        this.files = files;
        this.owners = owners;
        this.executor = executor;
        QueueFile.Content content = QueueFile.read(files.folder());
        this.held = content.held().orElse(null);
        content.waiting().forEach(turn -> waiting.add(new Waiting(turn, null)));
    }

    CredentialId id() {
        return files.id();
    }

    /**
     * Joins the line, or takes up the place or the lease that the same ticket had before a restart.
     *
     * @throws StoreUnavailableException if that could not be written down; the turn is then not in the line
     */
    synchronized void join(Turn turn, TurnListener listener) throws StoreException {
        if (isHeldBy(turn.ticket())) {
            executor.execute(listener::granted);
            return;
        }
        boolean known = false;
        for (int i = 0; i < waiting.size(); i++) {
            if (waiting.get(i).turn().ticket().equals(turn.ticket())) {
                waiting.set(i, new Waiting(waiting.get(i).turn(), listener));
                known = true;
            }
        }
        if (!known) {
            waiting.add(new Waiting(turn, listener));
        }
        boolean written = false;
        try {
            settle();
            // Who is granted at once is in the file by then.
            if (!known && !isHeldBy(turn.ticket())) {
                write();
            }
            written = true;
        } catch (IOException e) {
            throw unwritable(e);
        } finally {
            if (!written) {
                waiting.removeIf(other -> other.turn().ticket().equals(turn.ticket()));
            }
        }
        tell(turn.ticket());
    }

    /** Leaves the line, or gives back what was granted meanwhile. */
    synchronized void leave(String ticket) {
        if (isHeldBy(ticket)) {
            held = null;
        } else if (!waiting.removeIf(other -> other.turn().ticket().equals(ticket))) {
            return;
        }
        look();
        writeIfPossible();
        notifyAll();
    }

    /** Whether a turn that is in the line, and not granted by itself, could be taken now. */
    synchronized boolean isOffered(String ticket) {
        return held == null && placeOfOffered(ticket) >= 0;
    }

    /**
     * Takes what was offered.
     *
     * @return whether this turn has the login now; false, too, if that could not be written down
     */
    synchronized boolean take(String ticket) {
        int place = held == null ? placeOfOffered(ticket) : -1;
        if (place < 0) {
            return isHeldBy(ticket);
        }
        Waiting taker = waiting.remove(place);
        held = taker.turn();
        try {
            begin();
        } catch (IOException e) {
            held = null;
            waiting.add(place, taker);
            LOGGER.log(Level.WARNING, e, () -> "cannot write the queue of " + files.folder());
            return false;
        }
        tellAll();
        return true;
    }

    /**
     * Gives back what was taken, and is offered it again before all others. Does nothing if this turn has not got it.
     */
    synchronized void giveBack(String ticket, OfferListener listener) {
        Turn taken = held;
        if (taken == null || !isHeldBy(ticket)) {
            return;
        }
        held = null;
        waiting.add(0, new Waiting(taken, listener));
        look();
        writeIfPossible();
        notifyAll();
    }

    /** @return -1 if it is not there, or if before it comes somebody of whom is not known yet whether he goes on */
    private int placeOfOffered(String ticket) {
        for (int i = 0; i < waiting.size(); i++) {
            Waiting next = waiting.get(i);
            if (!next.isOffered()) {
                return -1;
            }
            if (next.turn().ticket().equals(ticket)) {
                return i;
            }
        }
        return -1;
    }

    /** Looks whether somebody's turn has ended or come. */
    synchronized void look() {
        try {
            if (settle()) {
                write();
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot write the queue of " + files.folder());
        }
    }

    /** Takes in those who joined another queue for the same login, which ends with that. */
    TurnQueue with(TurnQueue other) {
        List<Waiting> joined;
        Turn granted;
        synchronized (other) {
            joined = List.copyOf(other.waiting);
            granted = other.held;
            other.notifyAll();
        }
        synchronized (this) {
            if (held == null) {
                held = granted;
            }
            for (Waiting next : joined) {
                String ticket = next.turn().ticket();
                if (waiting.stream().noneMatch(known -> known.turn().ticket().equals(ticket))) {
                    waiting.add(next);
                }
            }
            writeIfPossible();
            return this;
        }
    }

    /** @param name the new name of an owner, given the old one */
    synchronized void ownersRenamed(UnaryOperator<String> name) {
        Turn holding = held;
        List<Turn> before = waiting.stream().map(Waiting::turn).toList();
        if (holding != null) {
            held = holding.of(name.apply(holding.owner()));
        }
        waiting.replaceAll(
                other -> new Waiting(other.turn().of(name.apply(other.turn().owner())), other.listener()));
        if (!Objects.equals(held, holding)
                || !waiting.stream().map(Waiting::turn).toList().equals(before)) {
            writeIfPossible();
        }
    }

    synchronized boolean isHeldBy(String ticket) {
        return held != null && held.ticket().equals(ticket);
    }

    synchronized boolean isWaitedFor() {
        return !waiting.isEmpty();
    }

    /** Who has it now, if anybody. */
    synchronized Optional<Occupancy> occupancy() {
        if (held == null || !owners.isAlive(held.owner())) {
            return Optional.empty();
        }
        return Optional.of(occupancyBy(held));
    }

    /** Those who wait, first in line first. */
    synchronized List<Holder> waiting() {
        return waiting.stream().map(other -> other.turn().holder()).toList();
    }

    /** Waits for a change, at most for some milliseconds. */
    synchronized void await(long millis) throws InterruptedException {
        wait(millis);
    }

    /** @return whether what is to be written down has changed and is not written yet */
    private boolean settle() throws IOException {
        boolean changed = false;
        if (held != null && !owners.isAlive(held.owner())) {
            held = null;
            changed = true;
        }
        for (Iterator<Waiting> others = waiting.iterator(); others.hasNext(); ) {
            if (!owners.isAlive(others.next().turn().owner())) {
                others.remove();
                changed = true;
            }
        }
        for (int next = firstToGrant(); held == null && next >= 0; next = firstToGrant()) {
            grant(waiting.remove(next));
            changed = false;
        }
        if (held == null) {
            offer();
        }
        return changed;
    }

    /** @return -1 for none; who was not taken up after a restart keeps those behind him waiting */
    private int firstToGrant() {
        for (int i = 0; i < waiting.size(); i++) {
            if (!waiting.get(i).isOffered()) {
                return waiting.get(i).listener() == null ? -1 : i;
            }
        }
        return -1;
    }

    private void offer() {
        for (Waiting next : waiting) {
            if (!(next.listener() instanceof OfferListener listener)) {
                return;
            }
            executor.execute(listener::offered);
        }
    }

    private void begin() throws IOException {
        PrivateFiles.createFolder(files.folder());
        files.removeLeftovers();
        write();
    }

    private void grant(Waiting next) {
        TurnListener listener = next.listener();
        held = next.turn();
        try {
            begin();
        } catch (IOException e) {
            held = null;
            if (listener != null) {
                executor.execute(() -> listener.failed(unwritable(e)));
            }
            return;
        }
        if (listener != null) {
            executor.execute(listener::granted);
        }
        tellAll();
    }

    private void tellAll() {
        waiting.forEach(other -> tell(other.turn().ticket()));
        notifyAll();
    }

    private void tell(String ticket) {
        if (held == null) {
            return;
        }
        Occupancy occupancy = occupancyBy(held);
        for (int i = 0; i < waiting.size(); i++) {
            TurnListener listener = waiting.get(i).listener();
            int place = i + 1;
            if (listener != null && waiting.get(i).turn().ticket().equals(ticket)) {
                executor.execute(() -> listener.waiting(occupancy, place));
            }
        }
    }

    private static Occupancy occupancyBy(Turn holder) {
        return new Occupancy(holder.holder(), Optional.empty());
    }

    private void write() throws IOException {
        QueueFile.write(
                files.folder(),
                new QueueFile.Content(
                        Optional.ofNullable(held),
                        waiting.stream().map(Waiting::turn).toList()));
    }

    private void writeIfPossible() {
        try {
            write();
        } catch (IOException e) {
            // What is on the disk then names an owner that ends, and that is looked at after every restart.
            LOGGER.log(Level.WARNING, e, () -> "cannot write the queue of " + files.folder());
        }
    }

    private StoreUnavailableException unwritable(IOException e) {
        return new StoreUnavailableException(
                "cannot write the queue of credential '" + id() + "': " + e,
                "free some space in JENKINS_HOME: df -h " + files.folder());
    }
}
