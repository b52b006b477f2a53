package io.github.codexauth.runner.process;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;

/** What a job reads from. */
final class StandardInput {
    private static final Path STDIN = Path.of("/proc/self/fd/0");
    private static final File NOTHING = new File("/dev/null");

    private StandardInput() {}

    /** Our own; nothing, if we were started without one and a file of Java's own has got its place. */
    static Redirect ofJob() {
        try {
            Path java = Path.of(System.getProperty("java.home")).toRealPath();
            return STDIN.toRealPath().startsWith(java) ? Redirect.from(NOTHING) : Redirect.INHERIT;
        } catch (IOException noFile) {
            // A pipe, or a file that has been removed.
            return Redirect.INHERIT;
        }
    }
}
