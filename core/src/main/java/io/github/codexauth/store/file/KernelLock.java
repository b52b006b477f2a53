package io.github.codexauth.store.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.files.DamagedFileException;
import io.github.codexauth.files.JsonFile;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.HeldLease;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.LeaseClaim;
import io.github.codexauth.store.LeaseGoneException;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * The lock of one credential in a {@link FileCredentialStore}.
 *
 * <ol>
 *   <li>Threads of this process queue at a semaphore.
 *   <li>Processes queue at the kernel's lock on {@code lease.lock}, which wakes the next one the moment it is freed.
 *   <li>Whoever has both looks into {@code lease.json}: a claim whose deadline lies ahead is a detached lease, and
 *       everything is given back until it has ended.
 *   <li>Then {@code lease.json} says who we are, for those who wait.
 * </ol>
 *
 * <p>The lock file is never removed: a lock on a removed file would not exclude those who open the new one.
 */
final class KernelLock implements Exclusion {
    private static final Duration DETACHED_POLL = Duration.ofMillis(250);
    private static final Duration HOLDER_POLL = Duration.ofSeconds(5);

    /** A status query holds the lock for an instant; whoever tries "once" tries this long. */
    private static final Duration ONE_TRY = Duration.ofMillis(150);

    private static final int LONGEST = 16 * 1024;
    private static final HeldLease UNKNOWN =
            new HeldLease(0, new Occupancy(new Holder("another process", Instant.EPOCH), Optional.empty()));

    /** Of a number in the lock file. */
    private static final int DIGITS = 19;

    /**
     * One turn per lock file in this process. Kernel locks belong to the whole process, and closing any descriptor of
     * the file frees them, so at most one thread may have the file open. That makes this map as process-wide as those
     * locks are.
     */
    private static final Map<Path, Semaphore> TURNS = new ConcurrentHashMap<>();

    private final CredentialFiles files;
    private final Semaphore turn;
    private final FileChannel channel;
    private final Holder holder;
    private @Nullable FileLock lock;
    private long epoch;

    private KernelLock(CredentialFiles files, Semaphore turn, FileChannel channel, FileLock lock, Holder holder) {
        this.files = files;
        this.turn = turn;
        this.channel = channel;
        this.lock = lock;
        this.holder = holder;
    }

    /** Waits for the lock as long as it is told, by the monotonic clock; the other clock judges detached leases. */
    static KernelLock acquire(
            CredentialFiles files, Holder holder, Duration wait, Consumer<Occupancy> onBusy, Clock clock)
            throws IOException, CredentialBusyException, InterruptedException {
        Duration atLeast = wait.compareTo(ONE_TRY) < 0 ? ONE_TRY : wait;
        Deadline deadline = Deadline.after(atLeast);
        Announcement announcement = new Announcement(wait.isZero() ? ignored -> {} : onBusy);
        Semaphore turn = turn(files);
        while (true) {
            if (!turn.tryAcquire()) {
                announcement.say(readOrUnknown(files).occupancy());
                if (!turn.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new CredentialBusyException(
                            files.id(), readOrUnknown(files).occupancy());
                }
            }
            KernelLock lease = underKernelLock(files, turn, holder, deadline, announcement);
            Optional<Detached> detached;
            boolean taken = false;
            try {
                detached = detachedLease(files);
                if (detached.isEmpty() || !detached.get().until().isAfter(clock.instant())) {
                    lease.announceHolder();
                    files.removeLeftovers();
                    taken = true;
                    return lease;
                }
            } finally {
                if (!taken) {
                    lease.giveBack();
                }
            }
            announcement.say(detached.get().occupancy());
            if (deadline.hasPassed()) {
                throw CredentialBusyException.left(files.id(), detached.get().occupancy());
            }
            deadline.sleepAtMost(DETACHED_POLL);
        }
    }

    /** Takes up a detached lease by its claim. */
    static KernelLock resume(CredentialFiles files, LeaseClaim claim, Clock clock)
            throws IOException, LeaseGoneException, InterruptedException {
        Semaphore turn = turn(files);
        Deadline deadline = Deadline.after(Duration.ofSeconds(10));
        LeaseGoneException gone = new LeaseGoneException(
                "the lease of credential '" + files.id()
                        + "' that restore took is gone: it ran out or an operator ended it",
                "look at what holds it now: codex-auth status; what Codex refreshed meanwhile is kept for: codex-auth rescue");
        // Looked at before anything is waited for: a claim that is not there now never comes back.
        Optional<Detached> before = detachedLease(files);
        if (before.isEmpty() || !before.get().isClaimedBy(claim)) {
            throw gone;
        }
        if (!turn.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
            throw gone;
        }
        KernelLock lease;
        try {
            Holder holder = before.get().occupancy().holder();
            lease = underKernelLock(files, turn, holder, deadline, new Announcement(busy -> {}));
        } catch (CredentialBusyException busy) {
            throw gone;
        }
        boolean taken = false;
        try {
            Optional<Detached> detached = detachedLease(files);
            if (detached.isEmpty() || !detached.get().isClaimedBy(claim)) {
                throw gone;
            }
            lease.announceHolder();
            taken = true;
            return lease;
        } finally {
            if (!taken) {
                lease.giveBack();
            }
        }
    }

    static Optional<HeldLease> lease(CredentialFiles files, Clock clock) throws IOException {
        if (!Files.exists(files.leaseLock(), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        Semaphore turn = turn(files);
        if (!turn.tryAcquire()) {
            return Optional.of(readOrUnknown(files));
        }
        try (FileChannel channel =
                FileChannel.open(files.leaseLock(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            FileLock probe = channel.tryLock(0, Long.MAX_VALUE, true);
            if (probe == null) {
                return Optional.of(readOrUnknown(files));
            }
            return detachedLease(files)
                    .filter(detached -> detached.until().isAfter(clock.instant()))
                    .map(Detached::lease);
        } finally {
            turn.release();
        }
    }

    static boolean breakDetached(CredentialFiles files, long epoch) throws IOException {
        if (!Files.exists(files.leaseLock(), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Semaphore turn = turn(files);
        if (!turn.tryAcquire()) {
            return false;
        }
        try (FileChannel channel = PrivateFiles.open(files.leaseLock())) {
            if (channel.tryLock() == null) {
                return false;
            }
            Optional<Detached> detached = detachedLease(files);
            if (detached.isEmpty() || detached.get().lease().epoch() != epoch) {
                return false;
            }
            Files.delete(files.leaseJson());
            return true;
        } finally {
            turn.release();
        }
    }

    @Override
    public synchronized boolean isHeld() {
        return lock != null && lock.isValid();
    }

    /** Leaves the claim behind, durably, and gives the kernel's lock back. */
    synchronized LeaseClaim detach(Instant until) throws IOException, StoreUnavailableException {
        if (!isHeld()) {
            throw new StoreUnavailableException(
                    "the lease of credential '" + files.id() + "' has ended, so it cannot be left to later steps",
                    "run codex-auth restore again");
        }
        LeaseClaim claim = new LeaseClaim(PrivateFiles.randomHex(16));
        leaseJson(files).write(json().put("claim", claim.value()).put("until", until.toString()));
        giveBack();
        return claim;
    }

    @Override
    public synchronized void release() {
        if (lock == null) {
            return;
        }
        try {
            Files.deleteIfExists(files.leaseJson());
        } catch (IOException stale) {
            // Only the name of a former holder stays behind; the next one writes its own.
        }
        giveBack();
    }

    /** Adds the kernel's lock to the turn we have, or gives the turn back and fails. */
    private static KernelLock underKernelLock(
            CredentialFiles files, Semaphore turn, Holder holder, Deadline deadline, Announcement announcement)
            throws IOException, CredentialBusyException, InterruptedException {
        boolean locked = false;
        FileChannel channel = null;
        try {
            channel = PrivateFiles.open(files.leaseLock());
            FileLock lock = channel.tryLock();
            if (lock == null) {
                lock = lockBefore(deadline, channel, files, announcement);
            }
            locked = true;
            return new KernelLock(files, turn, channel, lock, holder);
        } finally {
            if (!locked) {
                if (channel != null) {
                    channel.close();
                }
                turn.release();
            }
        }
    }

    /** Lets a thread of its own wait in the kernel, since only closing the channel ends that wait early. */
    private static FileLock lockBefore(
            Deadline deadline, FileChannel channel, CredentialFiles files, Announcement announcement)
            throws IOException, CredentialBusyException, InterruptedException {
        FutureTask<FileLock> lock = new FutureTask<>(channel::lock);
        Thread waiter = new Thread(lock, "lease of " + files.id());
        waiter.setDaemon(true);
        waiter.start();
        while (true) {
            announcement.say(readOrUnknown(files).occupancy());
            try {
                return lock.get(deadline.remainingAtMost(HOLDER_POLL).toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException stillBusy) {
                if (deadline.hasPassed()) {
                    throw new CredentialBusyException(
                            files.id(), readOrUnknown(files).occupancy());
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException failed && !(failed instanceof ClosedChannelException)) {
                    throw failed;
                }
                throw new IOException("waiting for the lock failed", e.getCause());
            }
        }
    }

    /** Gives back the kernel's lock and the turn. */
    private synchronized void giveBack() {
        lock = null;
        // Whatever it says, the descriptor is closed, and with it the lock.
        IOUtils.closeQuietly(channel);
        turn.release();
    }

    private synchronized void announceHolder() throws IOException {
        epoch = 1 + Math.max(count(), read(files).map(KernelLock::epoch).orElse(0L));
        count(epoch);
        leaseJson(files).write(json());
    }

    /** How often somebody took the credential, as the lock file says; only the holder of the lock may ask. */
    private long count() throws IOException {
        ByteBuffer digits = ByteBuffer.allocate(DIGITS);
        IOUtils.read(channel.position(0), digits);
        try {
            return Long.parseLong(new String(digits.array(), 0, digits.position(), StandardCharsets.US_ASCII).strip());
        } catch (NumberFormatException nobodyYet) {
            return 0;
        }
    }

    /**
     * In the lock file, which is never removed. It is not forced to the disk: what a loss of power ends is not to be
     * ended by anybody.
     */
    private void count(long number) throws IOException {
        channel.write(ByteBuffer.wrap((number + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
    }

    private static JsonFile leaseJson(CredentialFiles files) {
        return new JsonFile(files.leaseJson(), LONGEST);
    }

    private ObjectNode json() {
        return JsonFile.object()
                .put("holder", holder.description())
                .put("since", holder.since().toString())
                .put("epoch", epoch);
    }

    private static Semaphore turn(CredentialFiles files) {
        return TURNS.computeIfAbsent(files.leaseLock(), file -> new Semaphore(1, true));
    }

    private static Optional<JsonNode> read(CredentialFiles files) throws IOException {
        try {
            return leaseJson(files).readOwn();
        } catch (DamagedFileException notOurs) {
            // It is replaced whole, so this is not our writing; without a readable claim the kernel's lock alone
            // decides.
            return Optional.empty();
        }
    }

    private static HeldLease readOrUnknown(CredentialFiles files) throws IOException {
        return read(files).flatMap(KernelLock::lease).orElse(UNKNOWN);
    }

    private static Optional<HeldLease> lease(JsonNode json) {
        return occupancy(json).map(occupancy -> new HeldLease(epoch(json), occupancy));
    }

    /** 0 in what an older version wrote. */
    private static long epoch(JsonNode json) {
        return json.path("epoch").asLong();
    }

    private static Optional<Detached> detachedLease(CredentialFiles files) throws IOException {
        return read(files)
                .flatMap(json -> lease(json)
                        .filter(lease -> lease.occupancy().until().isPresent())
                        .map(lease -> new Detached(json.path("claim").asText(), lease)));
    }

    private static Optional<Occupancy> occupancy(JsonNode json) {
        try {
            Holder holder = new Holder(
                    json.path("holder").asText(),
                    Instant.parse(json.path("since").asText()));
            return Optional.of(new Occupancy(
                    holder, Optional.ofNullable(json.path("until").textValue()).map(Instant::parse)));
        } catch (DateTimeException damaged) {
            return Optional.empty();
        }
    }

    /** A lease whose process has ended on purpose. */
    private record Detached(String claim, HeldLease lease) {
        Occupancy occupancy() {
            return lease.occupancy();
        }

        Instant until() {
            return occupancy().until().orElse(Instant.MIN);
        }

        boolean isClaimedBy(LeaseClaim other) {
            return MessageDigest.isEqual(
                    claim.getBytes(StandardCharsets.UTF_8), other.value().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Tells the one who waits who has the credential, once for each holder. */
    private static final class Announcement {
        private final Consumer<Occupancy> listener;
        private @Nullable Occupancy last;

        Announcement(Consumer<Occupancy> listener) {
            this.listener = listener;
        }

        void say(Occupancy occupancy) {
            if (!occupancy.equals(last)) {
                last = occupancy;
                listener.accept(occupancy);
            }
        }
    }
}
