package io.github.codexauth.runner.process;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The signals this process received, in order. They are kept here until somebody asks, and do nothing else.
 *
 * <p>Where waiting should end at once, {@link #interruptWhile} lets the first signal interrupt the waiting thread.
 * Never around a write: an interrupted thread's files are closed under its hands.
 */
public final class SignalInbox {
    private final BlockingQueue<JobSignal> queue = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable Arrival> first = new AtomicReference<>();
    private final AtomicReference<@Nullable Thread> waiting = new AtomicReference<>();
    private final LongSupplier nanoTime;

    private record Arrival(JobSignal signal, long nanoTime) {}

    public SignalInbox() {
        this(System::nanoTime);
    }

    /** @param nanoTime as {@link System#nanoTime} */
    public SignalInbox(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Something that waits. */
    @FunctionalInterface
    public interface Waiting<T, E extends Exception> {
        T run() throws E, InterruptedException;
    }

    /** Takes a signal in. Called by the signal handler's thread. */
    public void receive(JobSignal signal) {
        first.compareAndSet(null, new Arrival(signal, nanoTime.getAsLong()));
        queue.add(signal);
        Thread thread = waiting.getAndSet(null);
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** The first signal ever received; empty if there was none. */
    public Optional<JobSignal> first() {
        return Optional.ofNullable(first.get()).map(Arrival::signal);
    }

    /** How long ago the first signal came; empty if there was none. */
    public Optional<Duration> sinceFirst() {
        Arrival arrival = first.get();
        return arrival == null
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(nanoTime.getAsLong() - arrival.nanoTime()));
    }

    /** The next signal that nobody has taken, whenever it comes. */
    JobSignal take() throws InterruptedException {
        return queue.take();
    }

    /** The next signal that nobody has taken; empty if none comes within the time. */
    Optional<JobSignal> next(long time, TimeUnit unit) throws InterruptedException {
        return Optional.ofNullable(queue.poll(time, unit));
    }

    /**
     * Runs something that may be broken off by a signal.
     *
     * @throws InterruptedException if a signal came before or meanwhile
     */
    public <T, E extends Exception> T interruptWhile(Waiting<T, E> action) throws E, InterruptedException {
        Thread self = Thread.currentThread();
        waiting.set(self);
        try {
            if (first.get() != null) {
                throw new InterruptedException("a signal came");
            }
            return action.run();
        } finally {
            if (!waiting.compareAndSet(self, null)) {
                // The handler has our thread, and may be about to interrupt it: take that interrupt here.
                consumeInterrupt();
            }
        }
    }

    private static void consumeInterrupt() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException arrived) {
            return;
        }
    }
}
