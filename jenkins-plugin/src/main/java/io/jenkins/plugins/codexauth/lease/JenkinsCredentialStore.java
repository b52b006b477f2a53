package io.jenkins.plugins.codexauth.lease;

import io.github.codexauth.CredentialId;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.store.file.CredentialFiles;
import io.github.codexauth.store.file.Exclusion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.commons.io.file.Counters;
import org.apache.commons.io.file.DeletingPathVisitor;

/**
 * The logins of one place on the controller: of Jenkins itself, or of a folder.
 *
 * <pre>
 * ROOT/ID/          0700; ROOT is in JENKINS_HOME, or in the folder's own directory: it moves and dies with the folder
 *   current.json    the current generation; the login in it is encrypted with this Jenkins' key
 *   previous.json   the generation before it
 *   lease.json      which build has it, and which wait
 * </pre>
 *
 * <p>The login lies beside its credential and not in it, since whatever saves a credential saves what it read before: a
 * form that was open, a Configuration as Code reload, a folder's config.xml. The credential is the seed; see
 * docs/adr/0011.
 */
public final class JenkinsCredentialStore implements CredentialStore {
    /** What a thread waits before it looks again whether the holder has ended without a word. */
    private static final long LOOK_AGAIN_MILLIS = 250;

    /** Turns of threads that are not builds end with this process. */
    private static final String THIS_PROCESS = "process:" + PrivateFiles.randomHex(8);

    private static final String CURRENT = "current.json";
    private static final String LEASE = "lease.json";

    private final Place place;
    private final TurnQueues queues;

    public JenkinsCredentialStore(Place place, TurnQueues queues) {
        this.place = place;
        this.queues = queues;
    }

    /** Whether a turn belongs to a thread of this very process, which is alive. */
    public static boolean isThisProcess(String owner) {
        return owner.equals(THIS_PROCESS);
    }

    @Override
    public String address() {
        return place.address();
    }

    /** Where a credential's records are; the folder need not exist. */
    public Path folder(CredentialId id) {
        return place.root().resolve(id.value());
    }

    /**
     * Queues a build. The listener is told when its turn comes, in another thread.
     *
     * @throws StoreUnavailableException if the queue cannot be written
     */
    public void queue(CredentialId id, Turn turn, TurnListener listener) throws StoreException {
        line(id).join(turn, listener);
    }

    /** Takes a build out of the queue, or gives its lease back. Does nothing for a ticket that is not there. */
    public void leave(CredentialId id, String ticket) {
        line(id).leave(ticket);
    }

    /** Whether nobody has a login, so that a turn that waits for an {@linkplain OfferListener offer} could take it. */
    public boolean isOffered(CredentialId id, String ticket) {
        return line(id).isOffered(ticket);
    }

    /**
     * Takes a login that was {@linkplain OfferListener offered}.
     *
     * @return whether the turn has it now
     */
    public boolean take(CredentialId id, String ticket) {
        return line(id).take(ticket);
    }

    /** Gives a login back that was taken, and waits for it again before all others. */
    public void giveBack(CredentialId id, String ticket, OfferListener listener) {
        line(id).giveBack(ticket, listener);
    }

    /** The lease of a turn that was granted. */
    public Lease lease(CredentialId id, String ticket) {
        return files(id).lease(new GrantedTurn(() -> line(id), ticket));
    }

    @Override
    public OptionalInt waiters(CredentialId id) {
        return OptionalInt.of(waiting(id).size());
    }

    /** Those who wait for a credential, first in line first. */
    public List<Holder> waiting(CredentialId id) {
        return line(id).waiting();
    }

    /** The lease of a turn in a {@link TurnQueue}. */
    private static final class GrantedTurn implements Exclusion {
        private final Supplier<TurnQueue> line;
        private final String ticket;

        /** @param line where the turn is now */
        GrantedTurn(Supplier<TurnQueue> line, String ticket) {
            this.line = line;
            this.ticket = ticket;
        }

        @Override
        public boolean isHeld() {
            return line.get().isHeldBy(ticket);
        }

        @Override
        public void release() {
            if (isHeld()) {
                line.get().leave(ticket);
            }
        }
    }

    @Override
    public Lease acquire(CredentialId id, Holder holder, Duration wait, Consumer<Occupancy> onBusy)
            throws StoreException, CredentialBusyException, InterruptedException {
        Turn turn = new Turn(PrivateFiles.randomHex(8), THIS_PROCESS, holder);
        Failure failure = new Failure();
        boolean taken = false;
        try {
            long deadline = System.nanoTime() + wait.toNanos();
            line(id).join(turn, failure);
            Optional<Occupancy> told = Optional.empty();
            while (!line(id).isHeldBy(turn.ticket())) {
                failure.throwIfAny();
                Optional<Occupancy> occupancy = line(id).occupancy();
                long millisLeft = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millisLeft <= 0) {
                    throw new CredentialBusyException(id, occupancy.orElse(SOMEBODY));
                }
                if (occupancy.isPresent() && !occupancy.equals(told)) {
                    told = occupancy;
                    onBusy.accept(occupancy.get());
                }
                line(id).await(Math.min(millisLeft, LOOK_AGAIN_MILLIS));
                line(id).look();
            }
            taken = true;
            return lease(id, turn.ticket());
        } finally {
            if (!taken) {
                line(id).leave(turn.ticket());
            }
        }
    }

    private static final Occupancy SOMEBODY =
            new Occupancy(new Holder("others in the queue", Instant.EPOCH), Optional.empty());

    /** A thread that waits looks at the line itself; only that its turn could not be written down has to be told. */
    private static final class Failure implements TurnListener {
        private final AtomicReference<StoreException> failure = new AtomicReference<>();

        @Override
        public void granted() {}

        @Override
        public void waiting(Occupancy occupancy, int place) {}

        @Override
        public void failed(StoreException e) {
            failure.set(e);
        }

        void throwIfAny() throws StoreException {
            StoreException e = failure.get();
            if (e != null) {
                throw e;
            }
        }
    }

    @Override
    public List<CredentialId> list() throws StoreException {
        Path root = place.root();
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        List<CredentialId> ids = new ArrayList<>();
        try (Stream<Path> entries = Files.list(root)) {
            for (Path entry : entries.sorted().toList()) {
                String name = String.valueOf(entry.getFileName());
                if (CredentialId.isValid(name) && CredentialFiles.existIn(entry)) {
                    ids.add(new CredentialId(name));
                }
            }
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "cannot list " + root + ": " + e, "look at what is in it: ls -l " + root);
        }
        return List.copyOf(ids);
    }

    @Override
    public Optional<Envelope> peek(CredentialId id) throws StoreException {
        return files(id).current().map(CredentialRecord::envelope);
    }

    @Override
    public Optional<Occupancy> occupancy(CredentialId id) {
        return line(id).occupancy();
    }

    /**
     * Removes everything that is stored under an id, rescue copies and damaged records too; the current record last.
     *
     * @param lease keeps builds out meanwhile; the caller closes it afterwards
     * @throws StoreUnavailableException if something could not be removed; what is left is still listed
     */
    public void forget(Lease lease) throws StoreException {
        Path folder = folder(lease.id());
        try {
            Files.walkFileTree(folder, new DeletingPathVisitor(Counters.noopPathCounters(), CURRENT, LEASE));
            Files.deleteIfExists(folder.resolve(CURRENT));
        } catch (IOException e) {
            throw new StoreUnavailableException("cannot remove all of " + folder + ": " + e, "rm -r " + folder);
        }
    }

    private CredentialFiles files(CredentialId id) {
        return TurnQueues.files(place, id);
    }

    private TurnQueue line(CredentialId id) {
        return queues.queue(place, id);
    }
}
