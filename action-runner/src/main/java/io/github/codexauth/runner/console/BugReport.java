package io.github.codexauth.runner.console;

import java.io.PrintStream;

/**
 * What is shown of a mistake in the program: one sentence and, if somebody asked, where it is. Never what an exception
 * says, which may quote anything.
 *
 * <p>Safe for use by several threads, of which each may end with such a mistake.
 */
public final class BugReport implements Thread.UncaughtExceptionHandler {
    private final Messages messages;
    private final PrintStream err;
    private final boolean trace;

    /** @param trace whether to show where the program was */
    public BugReport(Messages messages, PrintStream err, boolean trace) {
        this.messages = messages;
        this.err = err;
        this.trace = trace;
    }

    /** Reports a mistake. */
    public void show(Throwable bug) {
        showTrace(bug);
        messages.error(
                "a bug in codex-auth: " + bug.getClass().getName(),
                "run it again with --debug and report what it prints");
    }

    @Override
    public void uncaughtException(Thread thread, Throwable bug) {
        show(bug);
    }

    /** Shows where the program was, if somebody asked: classes and lines only. */
    public void showTrace(Throwable failure) {
        if (!trace) {
            return;
        }
        for (Throwable at = failure; at != null; at = at.getCause()) {
            err.println("codex-auth: debug: " + at.getClass().getName());
            for (StackTraceElement element : at.getStackTrace()) {
                err.println("codex-auth: debug:     at " + element);
            }
        }
    }
}
