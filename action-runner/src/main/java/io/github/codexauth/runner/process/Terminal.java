package io.github.codexauth.runner.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The terminal this process was started from, if there is one. */
public final class Terminal {
    private static final Path PROC = Path.of("/proc");
    private static final String OURSELVES = "self";
    private static final String FIRST_PROCESS = "1";

    private Terminal() {}

    /**
     * Whether Ctrl-C reaches our children by itself, because the terminal sends it to the whole foreground process
     * group. Passing it on as well would interrupt them twice, which many programs take as "now, at once".
     */
    static boolean interruptsOurChildren() {
        return Stat.of(OURSELVES)
                .map(stat -> stat.hasTerminal() && stat.processGroup().equals(stat.foregroundGroup()))
                .orElseGet(() -> System.console() != null);
    }

    /**
     * Whether input, output and errors are all the same thing that a person could sit at: a terminal, and not the one
     * of a container's first process, which the engine keeps as the container's log ({@code docker run -t}). What
     * {@code docker exec -t} shows is kept nowhere.
     *
     * <p>A pseudo-terminal that a CI system makes looks the same; what gives it away are its variables. Answers no
     * where it cannot tell.
     */
    public static boolean mayBeAPersons() {
        Optional<Stat> ours = Stat.of(OURSELVES);
        if (ours.isEmpty()) {
            // Since Java 22 there may be a console without a terminal.
            return Runtime.version().feature() < 22 && System.console() != null;
        }
        return isTerminal(0)
                && isTerminal(1)
                && isTerminal(2)
                && ours.get().hasTerminal()
                && !Stat.of(FIRST_PROCESS).map(Stat::terminal).equals(ours.map(Stat::terminal));
    }

    /** {@code /dev/pts/0}, {@code /dev/tty1}, or {@code /dev/console} in a container. */
    private static boolean isTerminal(int descriptor) {
        try {
            String device = Files.readSymbolicLink(PROC.resolve("self/fd/" + descriptor))
                    .toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException closed) {
            return false;
        }
    }

    /**
     * A few fields of {@code /proc/PID/stat}, which everybody may read of every process: proc_pid_stat(5).
     *
     * @param terminal the device number of its terminal, 0 for none
     */
    private record Stat(String processGroup, String terminal, String foregroundGroup) {
        /** Empty where there is no such process, or no /proc. */
        static Optional<Stat> of(String process) {
            try {
                String stat = Files.readString(PROC.resolve(process).resolve("stat"));
                // The name in parentheses may hold blanks; after it come state, ppid, pgrp, session, tty_nr, tpgid.
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                return Optional.of(new Stat(fields[2], fields[4], fields[5]));
            } catch (IOException | IndexOutOfBoundsException notLinux) {
                return Optional.empty();
            }
        }

        boolean hasTerminal() {
            return !terminal.equals("0");
        }
    }
}
