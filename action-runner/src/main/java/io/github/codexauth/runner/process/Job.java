package io.github.codexauth.runner.process;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs one command to its end.
 *
 * <ol>
 *   <li>A signal is passed on to the command, after {@link Shield#awaitCalm} has let Codex finish a refresh.
 *   <li>After the grace time, or a second signal of the same kind and a grace time, the command is killed.
 *   <li>A time limit counts as a TERM.
 * </ol>
 */
public final class Job {
    private static final Duration OUTPUT_AFTER_END = Duration.ofSeconds(2);

    private final SignalInbox signals;
    private final Shield shield;
    private final Duration grace;

    /**
     * @param signals where the signals come from
     * @param shield what may delay a signal
     * @param grace from the signal to the kill
     */
    public Job(SignalInbox signals, Shield shield, Duration grace) {
        this.signals = signals;
        this.shield = shield;
        this.grace = grace;
    }

    /** What a signal has to wait for. */
    @FunctionalInterface
    public interface Shield {
        /** Waits, not for long, until the command may be told to end. */
        void awaitCalm() throws InterruptedException;
    }

    /**
     * How a command ended.
     *
     * @param exitCode its own; 128 + n if a signal ended it
     * @param timedOut whether it was told to end because its time was over
     */
    public record Ending(int exitCode, boolean timedOut) {}

    /** Where the command's output goes. */
    @FunctionalInterface
    public interface Output {
        /**
         * Copies one of the command's streams until its end.
         *
         * @throws IOException if nobody takes it any more
         */
        void copy(InputStream from, boolean isError) throws IOException;
    }

    /**
     * Runs the command to its end.
     *
     * @param environment the command's whole environment
     * @param output where stdout and stderr go; empty lets the command write to ours directly
     * @param timeLimit how long the command may run
     * @throws CommandNotExecutableException if the system cannot start it
     */
    public Ending run(
            Command command, Map<String, String> environment, Optional<Output> output, Optional<Duration> timeLimit)
            throws CommandNotExecutableException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command.started())
                .redirectInput(command.input()
                        .map(file -> Redirect.from(file.toFile()))
                        .orElseGet(StandardInput::ofJob));
        Redirect direct = output.isPresent() ? Redirect.PIPE : Redirect.INHERIT;
        builder.redirectOutput(direct).redirectError(direct);
        set(builder.environment(), environment);
        Process process = start(builder, command);
        Thread forwarder = daemon("signals for the job", () -> forwardSignals(process));
        List<Thread> copies = output.map(sink -> List.of(
                        copy(process.getInputStream(), sink, false), copy(process.getErrorStream(), sink, true)))
                .orElse(List.of());
        boolean timedOut =
                timeLimit.isPresent() && !process.waitFor(timeLimit.get().toNanos(), TimeUnit.NANOSECONDS);
        if (timedOut) {
            signals.receive(JobSignal.TERM);
        }
        int exitCode = process.waitFor();
        forwarder.interrupt();
        forwarder.join();
        // Something the command left running may keep the pipes open; what the command itself wrote is through by then.
        long deadline = System.nanoTime() + OUTPUT_AFTER_END.toNanos();
        for (Thread copy : copies) {
            copy.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        }
        return new Ending(exitCode, timedOut);
    }

    /**
     * Gives a process its variables. Those that are ours as well are left as they are: Java keeps their bytes, which
     * need not be text of any encoding.
     */
    private static void set(Map<String, String> inherited, Map<String, String> wanted) {
        inherited.keySet().retainAll(wanted.keySet());
        wanted.forEach((name, value) -> {
            if (!value.equals(inherited.get(name))) {
                inherited.put(name, value);
            }
        });
    }

    private void forwardSignals(Process process) {
        try {
            tell(process, signals.take());
            long killAt = System.nanoTime() + grace.toNanos();
            while (process.isAlive()) {
                Optional<JobSignal> another = signals.next(killAt - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (another.isEmpty()) {
                    process.destroyForcibly();
                    return;
                }
                tell(process, another.get());
            }
        } catch (InterruptedException ended) {
            // The command is over, so there is nobody to tell.
        }
    }

    private void tell(Process process, JobSignal signal) throws InterruptedException {
        if (signal == JobSignal.INT && Terminal.interruptsOurChildren()) {
            return;
        }
        shield.awaitCalm();
        SignalSender.send(signal, process.pid());
    }

    private static Thread copy(InputStream from, Output output, boolean isError) {
        return daemon(isError ? "stderr of the job" : "stdout of the job", () -> {
            try {
                output.copy(from, isError);
            } catch (IOException readerGone) {
                // The command learns of it as it would without us: its next write meets a closed pipe.
                close(from);
            }
        });
    }

    private static void close(InputStream stream) {
        try {
            stream.close();
        } catch (IOException gone) {
            return;
        }
    }

    private static Thread daemon(String name, Runnable action) {
        Thread thread = new Thread(action, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static Process start(ProcessBuilder builder, Command command) throws CommandNotExecutableException {
        try {
            return builder.start();
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            throw new CommandNotExecutableException(
                    command.shownProgram(),
                    message.substring(message.lastIndexOf(':') + 1).strip());
        }
    }
}
