package io.github.codexauth.runner.process;

import sun.misc.Signal;

/**
 * Directs the process's signals into an inbox.
 *
 * <p>A shutdown hook would not do: the JVM would end with its own exit code while the hook still ran, whereas here the
 * command ends the usual way, with the job's code. {@code sun.misc.Signal} is the JDK's one way to that; its module
 * {@code jdk.unsupported} is exported on purpose until there is another.
 */
public final class SignalHandlers {
    private SignalHandlers() {}

    /** From now on HUP, INT and TERM do not end this process. */
    public static void install(SignalInbox inbox) {
        handle("HUP", JobSignal.HUP, inbox);
        handle("INT", JobSignal.INT, inbox);
        handle("TERM", JobSignal.TERM, inbox);
    }

    private static void handle(String name, JobSignal signal, SignalInbox inbox) {
        try {
            Signal.handle(new Signal(name), received -> inbox.receive(signal));
        } catch (IllegalArgumentException takenByTheJvm) {
            // As with java -Xrs: the signal then ends this process, as whoever chose that option wants.
            return;
        }
    }
}
