package io.github.codexauth.runner.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The terminal this process was started from, if there is one. */
public final class Terminal {
    private static final Path STAT = Path.of("/proc/self/stat");

    private Terminal() {}

    /**
     * Whether Ctrl-C reaches our children by itself, because the terminal sends it to the whole foreground process group. Passing it on
     * as well would interrupt them twice, which many programs take as "now, at once".
     */
    static boolean interruptsOurChildren() {
        try {
            String stat = Files.readString(STAT);
            // proc_pid_stat(5): the name in parentheses may hold blanks; after it come state, ppid, pgrp, session,
            // tty_nr, tpgid.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return !fields[4].equals("0") && fields[2].equals(fields[5]);
        } catch (IOException | IndexOutOfBoundsException notLinux) {
            return System.console() != null;
        }
    }

    /** Whether a person sits in front of this process: both its input and its output are a terminal. */
    public static boolean isInteractive() {
        return System.console() != null;
    }
}
